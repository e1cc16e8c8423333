"""The sentences of migration, by stable code."""

from __future__ import annotations

from collections.abc import Mapping

from service.engine.migrating.facts import MigrationReason
from service.rules.sentences import Sentence, filled

_SENTENCES: Mapping[str, Sentence] = {
    "ELEMENT_GONE": Sentence("“{name}”正在办理，新版流程里没有与它对应的环节"),
    "ELEMENT_ELSEWHERE": Sentence(
        "“{name}”正在办理，对应的“{new}”在新版流程里移进或移出了子流程，正在办理的环节不能随之移动"
    ),
    "SCOPE_DISSOLVED": Sentence(
        "“{name}”正在进行，新版流程里没有这个子流程；其中的“{new}”移到了别处，正在办理的环节不能随之移动"
    ),
    "TYPE_CHANGED": Sentence("“{name}”与“{new}”不是同一类环节"),
    "WORK_CHANGED": Sentence("“{name}”正在等待处理，新版流程里改由另一种方式处理"),
    "LOOP_ADDED": Sentence("“{name}”正在办理，新版流程里改成了分多份办理"),
    "LOOP_REMOVED": Sentence("“{name}”正在分多份办理，新版流程里不再分份"),
    "LOOP_CHANGED": Sentence("“{name}”正在分多份办理，新版流程里分份的方式变了"),
    "CALL_CHANGED": Sentence("“{name}”正在进行，新版流程里它调用的是另一个流程"),
    "QUANTITY_CHANGED": Sentence("“{name}”正在等待更多的流入，新版流程里需要的数目变了"),
    "JOIN_ARRIVAL_LOST": Sentence("汇聚“{name}”已经等到的分支，在新版流程里找不到"),
    "JOIN_STARVES": Sentence("汇聚“{join}”会一直等待“{branch}”这条分支，而它不会再办理"),
    "JOIN_SURPLUS": Sentence("“{name}”所在的分支在汇聚“{join}”已经到达，会多出一次"),
    "WAYS_CONVERGE": Sentence("“{name}”与“{other}”在新版流程里不再汇聚，之后的环节会办两遍"),
    "COMPENSATION_LOST": Sentence("“{name}”已经办完，需要时要撤销，新版流程里没有撤销它的环节"),
    "COMPENSATING": Sentence("“{name}”正在撤销已办的工作，撤销完成后才能迁移"),
    "RETURN_LOST": Sentence("“{name}”办完后要直接回到退回的环节，新版流程里没有那个环节"),
    "SOURCE_UNKNOWN": Sentence("旧版流程里没有环节“{name}”"),
    "TARGET_UNKNOWN": Sentence("新版流程里没有环节“{new}”"),
    "TARGET_TWICE": Sentence("“{name}”与“{other}”不能都对应到“{new}”"),
}
CODES = frozenset(_SENTENCES)


def reason(code: str, process: str, element: str, **params: str) -> MigrationReason:
    """One reason in words."""
    return MigrationReason(code=code, process=process, element=element, sentence=filled(_SENTENCES[code], **params))
