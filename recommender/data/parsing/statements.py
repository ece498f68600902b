"""Sentences, remarks and addresses among the names on a label: text that names no ingredient.

In English, German, French, Spanish, Italian and Korean. Everything is compared without accents, in lower case.
"""

import re
from typing import Final

from recommender.knowledge import inci

_ADDRESS: Final = re.compile(
    r"https?:|\bwww\b|\w@\w|\b[\w-]{2,63}\.(?:com|net|org|info|shop|store|html?|pdf|de|fr|es|it|eu|uk|kr|jp)\b"
)
_PROSE: Final = re.compile(
    r"""\b(?:
    is | are | was | be | been | the | this | that | these | those | our | your | you | we | it | its | please | see
  | refer | check | consult | visit | contact | may | might | could | can | will | should | for | with | to | has | have
  | had | not | here | where | which | who | when | while | because | packag\w+ | box | website | site | page | lists?
  | listed | information | info | (?:un)?available | products? | changes? | subject | formula(?:s|tions?)?
  | manufacturer | latest | updated | accurate | full | complete | below | above | contains | ingredients?
  | ist | sind | die | das | ein | eine | bitte | siehe | fur | mit | auf | im | vom | zum | wir | unser | ihre
  | \w*verpackung | packung | angaben | beachten | inhaltsstoffe | konnen | kann | werden | finden | aktuelle
  | est | sont | les | cette | nos | notre | votre | veuillez | voir | pour | avec | sur | dans | emballage | etui
  | liste | peu(?:t|vent) | consulter
  | es | son | los | las | este | esta | nuestr[oa] | por | favor | ver | para | con | envase | empaque | etiqueta
  | consulte | puede[n]?
  | sono | questo | nostr[oa] | gli | vedi | vedere | consultare | prega | per | confezione | etichetta | elenco | puo
  | possono | informazioni
    )\b | 참조 | 참고 | 확인 | 하세요 | 하십시오 | 입니다 | 습니다 | 합니다 | 됩니다 | 바랍니다""",
    re.VERBOSE,
)
"""Words of sentences; names of ingredients have one of them at most."""
_FEWEST: Final = 2
_MADE_WITH: Final = (
    r"(?:enriched|infused|formulated|made|powered|packed|boosted)\ (?:with|from)"
    r"|angereichert|enrichie?|enriquecid[oa]|arricchit[oa]"
)
_OPENING: Final = re.compile(
    rf"""(?: please | see | refer | check | consult | visit | contact | siehe | bitte | voir | veuillez | ver | vea
        | consulte | vedi | vedere | si\ prega | 상세\ ?페이지 | {_MADE_WITH} )\b""",
    re.VERBOSE,
)
_ELSEWHERE: Final = re.compile(
    rf"""\b(?: see | refer | check | consult | visit | pack(?:ag\w+)? | box | website | full | complete
        | (?: key | hero | main | star | active ) \ ingredients? | siehe | \w*verpackung | packung | wirkstoffe | voir
        | consulte[rz]? | emballage | etui | principaux | ver | envase | empaque | etiqueta | principales | vedi
        | vedere | consultare | confezione | etichetta | principali | {_MADE_WITH} )\b
      | 참조 | 참고 | 확인 | 상세\ ?페이지""",
    re.VERBOSE,
)
_NEGATIVE: Final = re.compile(
    r"""\W*(?: free\ (?:from|of) | without | contains?\ no | does\ not\ contain | no\ added | no(?![\s.]*\d|\.)
        | ohne | frei\ von | sans | exempte?\ de | libre\ de | senza | privo\ di )\b.* | \W*0\s?%.*
      | .*[\s-]free\W* | .*(?:무첨가|프리)\W*""",
    re.VERBOSE | re.DOTALL,
)
_POSITIVE: Final = re.compile(r"\b(?:with|but|contains(?! no)|except|avec|mais|mit|aber|con|pero|ma)\b")
_LONGEST_CLAIM: Final = 80
_HEADING: Final = re.compile(
    r"""(?:full|all)?\ ?ingredients?(?:\ lists?)? | lists?e?\ (?:of|des)\ ingredients | inci(?:\ list)? | composition
        | inhaltsstoffe | zutaten | bestandteile | ingredientes | composicion | ingredienti | composizione
        | 전성분 | 성분""",
    re.VERBOSE,
)


def is_statement(name: str) -> bool:
    """Whether what stands among the names is (part of) a sentence, or an address."""
    text = inci.normalise(name)
    if _ADDRESS.search(name.casefold()) or _OPENING.match(text):
        return True
    return len(set(_PROSE.findall(text))) >= _FEWEST


def points_elsewhere(name: str) -> bool:
    """Whether a text says that the whole list stands somewhere else, or that what it names is a choice."""
    return bool(_ELSEWHERE.search(inci.normalise(name)))


def is_beside_the_list(name: str) -> bool:
    """Whether it says what is not there ("free from parabens") or that ingredients follow; in doubt it does not."""
    if _HEADING.fullmatch(inci.normalise(name)):
        return True
    text = name.casefold()
    return len(text) <= _LONGEST_CLAIM and bool(_NEGATIVE.fullmatch(text)) and not _POSITIVE.search(text)
