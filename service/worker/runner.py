"""The worker: sweeps the agenda every second, at once when a commit of this process asks for it, and beats.

Errands of the outbox are carried by a thread of their own: a slow gateway holds up no clock.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from datetime import UTC, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from service.casework import Office, attend_due, beat, carry_due
from service.casework.messages.channels import tend_channels
from service.rules.refusals import Unavailable
from service.settings import real_time

log = logging.getLogger(__name__)

SWEEP_SECONDS = 1  # a due timer fires at most this late on an idle service
BEAT_SECONDS = 5
TEND_SECONDS = 5  # connections to gateways: receipts are answered, silence is asked after
BATCH = 100  # items of one call
ERRANDS = 20  # of one call
SLACK = timedelta(seconds=2)


class Worker:
    """Two clockwork jobs, a thread that waits to be woken and one that carries errands. Any number of workers may run on one database."""

    def __init__(self, office: Office, *, node: str | None = None) -> None:
        self.office = office
        self.node = node or f"{socket.gethostname()}:{os.getpid()}"
        self._sweeping = threading.Lock()
        self._stopping = threading.Event()
        self._waker = threading.Thread(target=self._wait_to_be_woken, name="worker-waker", daemon=True)
        self._errands = threading.Event()
        self._carrier = threading.Thread(target=self._keep_carrying, name="worker-outbox", daemon=True)
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin to beat and to sweep; returns at once."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a skipped run is normal while a sweep is long
        clockwork = {
            "max_instances": 1,
            "coalesce": True,
            "misfire_grace_time": None,
            "next_run_time": real_time(),
        }
        self._scheduler.add_job(self.beat, "interval", seconds=BEAT_SECONDS, id="beat", **clockwork)
        self._scheduler.add_job(self.tend, "interval", seconds=TEND_SECONDS, id="tend", **clockwork)
        self._scheduler.add_job(self.sweep, "interval", seconds=SWEEP_SECONDS, id="sweep", **clockwork)
        self._scheduler.start()
        self._waker.start()
        self._carrier.start()

    def stop(self) -> None:
        """Finish the item at hand and stop; what is left waits for the next worker."""
        self._stopping.set()
        self.office.awake.set()
        self._errands.set()
        self._scheduler.shutdown(wait=True)
        for thread in (self._waker, self._carrier):
            if thread.is_alive():
                thread.join(timeout=10)

    def sweep(self) -> int:
        """Attend whatever is due until nothing is; how many items that were. Outages are logged and survived."""
        attended = 0
        with self._sweeping:
            while not self._stopping.is_set():
                self.office.awake.clear()
                try:
                    done = attend_due(self.office, limit=BATCH, node=self.node)
                except Unavailable as refusal:
                    log.warning("agenda not attended: %s", refusal)
                    break
                except Exception:
                    log.exception("agenda not attended")
                    break
                attended += done
                if done < BATCH and not self.office.awake.is_set():
                    break
        return attended

    def carry(self) -> int:
        """Carry whatever errands are ready; how many that were. Outages are logged and survived."""
        carried = 0
        while not self._stopping.is_set():
            try:
                done = carry_due(self.office, limit=ERRANDS)
            except Unavailable as refusal:
                log.warning("outbox not carried: %s", refusal)
                break
            except Exception:
                log.exception("outbox not carried")
                break
            carried += done
            if done < ERRANDS:
                break
        return carried

    def tend(self) -> None:
        """Look after connections to other machines. Outages are logged and survived."""
        try:
            tend_channels(self.office)
        except Unavailable as refusal:
            log.warning("channels not tended: %s", refusal)
        except Exception:
            log.exception("channels not tended")

    def beat(self) -> None:
        """Say that this node lives. Outages are logged and survived."""
        try:
            beat(self.office, self.node)
        except Unavailable as refusal:
            log.warning("no heartbeat: %s", refusal)
        except Exception:
            log.exception("no heartbeat")

    def heed_clock(self) -> None:
        """Bring forward what is planned farther ahead than one interval: the wall clock has gone back.

        The scheduler plans by the wall clock: without this nothing would be swept, and no beat heard, until the clock was
        again where it had been.
        """
        for job in self._scheduler.get_jobs():
            if job.next_run_time > real_time() + job.trigger.interval + SLACK:
                job.modify(next_run_time=real_time())

    def _wait_to_be_woken(self) -> None:
        while not self._stopping.is_set():
            woken = self.office.awake.wait(SWEEP_SECONDS)  # by the monotonic clock
            if woken:
                self.sweep()
                self._errands.set()
            elif not self._stopping.is_set():
                self.heed_clock()

    def _keep_carrying(self) -> None:
        while not self._stopping.is_set():
            self._errands.wait(SWEEP_SECONDS)
            self._errands.clear()
            if not self._stopping.is_set():
                self.carry()
