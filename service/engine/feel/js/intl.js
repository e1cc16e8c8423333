// QuickJS has no Intl. This is the part of it that luxon asks for, answered from a table of UTC offsets.
// Names of months and weekdays stay English, as FEEL wants them.
import zones from './zones.json';

const SYSTEM_ZONE = 'Asia/Shanghai';
const byName = new Map(Object.entries(zones).map(([ name, zone ]) => [ name.toLowerCase(), zone ]));

// offset[i] holds from the instant at[i - 1] (seconds of the epoch) on
function offsetSeconds({ at, offset }, milliseconds) {
  const instant = Math.floor(milliseconds / 1000);
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle] <= instant) low = middle + 1;
    else high = middle;
  }
  return offset[low];
}

class DateTimeFormat {
  constructor(locale, { timeZone = SYSTEM_ZONE } = {}) {
    this.zone = byName.get(timeZone.toLowerCase());
    if (!this.zone) throw new RangeError(`unknown time zone: ${timeZone}`);
    this.timeZone = timeZone;
  }

  format() { return ''; }

  resolvedOptions() {
    return { locale: 'en-US', timeZone: this.timeZone, numberingSystem: 'latn', calendar: 'gregory' };
  }

  formatToParts(moment) {
    const local = new Date(+moment + offsetSeconds(this.zone, +moment) * 1000);
    const year = local.getUTCFullYear();
    return Object.entries({
      era: year > 0 ? 'AD' : 'BC',
      year: year > 0 ? year : 1 - year,
      month: local.getUTCMonth() + 1,
      day: local.getUTCDate(),
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
      second: local.getUTCSeconds()
    }).map(([ type, value ]) => ({ type, value: String(value) }));
  }
}

if (typeof Intl === 'undefined') globalThis.Intl = { DateTimeFormat };

// luxon's system zone asks this; so the process's TZ does not matter
const system = byName.get(SYSTEM_ZONE.toLowerCase());
Date.prototype.getTimezoneOffset = function() { return -offsetSeconds(system, +this) / 60; };
