"""Words that may stand between a label and its value, and say nothing themselves."""

import re
from typing import Final

SIGNS: Final = " \t\n:=#.,;!?'\"`*_~|()[]{}<>/\\\u2192\u00ab\u00bb\u00b0\u2116-"
_APART: Final = re.compile(f"[{re.escape(SIGNS)}]+")
_ASIDE: Final = re.compile(r"\([^()\n]{1,40}\)|<[^<>\n]{1,60}>")
"""In brackets, or a tag of a markup."""
_WRITTEN: Final = """
a above actual adjunto africa al alemania alla allegato als altes an ancien and anexo
angegebene anterior antigo antiguo ao aparece are argentina as asignado assigned at attached
attribué au australia austria aux az be been being belgique belgium belgië belonging below
benim bir bolivia brasil brazil by c called campo canada ce cet cette champ chile china client
cliente code codice codigo colombia complet completo consta contains correct correcto costa
croatia cuba cujo current currently customer cuyo código d da dal das dat de dei del della
delle dem den denmark der deren des dessen deutschland deze di die do dominicana dos du e
ecuador ed een ein eine einer eines el em en ends enregistré enregistrée entered equals er era
eram eran erano es españa est esta este está et eu european expediente feld field file finland
first foi folgende folgender following follows for fourni france francia frankreich full für
geldige genoemde geregistreerd germany given greece guatemala gültige haar hans hennes her here
het his holder honduras hong hun i iceland id ihr ihre il im in india indicado indicato indiqué
indonesia ireland is issued ist it italia italy its için ja japan je jego jej jest jouw kenya
kingdom klant known kong korea kunden l la las lauten lautet le les leur listed lo los luidt ma
malaysia mein meine meinem meiner mentioned mes meu meus mexico mi mia mie mijn min mina minha
minun mio mis mitt moja moje moldova mon must my mé méxico mój můj n na nederland nel
netherlands neue neuer new nieuwe nigeria no norway nos nossa nosso notre nouveau nouvelle nova
novo now nr nro nuestro nueva nuevo num number numero nummer numéro nuova nuovo núm número o
oben oder of official officiel officiële offizielle oficial olan old oli on ons onze op or os
ou oude our paciente par para paraguay patient patiënt pelo personal personale persoonlijke
persönliche peru perú pessoal philippines poland polska por portugal pour previous primary
provided que questa questo qui reads real record records registado registered registrado
registrato registrierte rica romania românia româniei s sa salvador same says schweiz se second
segue seguente seguido seguinte sein seine ser serbia ses seu seus should shown shows siendo
siguiente sind singapore się slovenia son sono sont south spain specified states su sua suisse
suivant suivante suo sus sweden switzerland taiwan te thailand that the their this to tua tuo
turkey türkiye ufficiale uk um uma un una und under une union united unser unsere unter uruguay
us usa uw valeur valid valide valido valor value van veld venezuela voici volgt volledige
vollständige vom von voor vos votre vuestro válido war waren was we were wert which wie would y
you your zealand zijn zoals zum zur är è é était österreich č είναι η μου το мой моя мій на
номер це это является є הוא שלי رقم هو هي मेरा मेरी है हैं คือ เป็น № が です の は を 为 号 号码 是 為 的
的是 號 號碼 가 는 은 의 이
"""
_ISSUERS: Final = """
a2a acea adac adeslas aeat aegon aetna ageas allianz ameli amil anwb aok apicil arag argenta
asisa asr assura atupri axa bahn baloise bankinter barmer bbva beheer belfius bkk bnp bnpp
bouygues bradesco caf caixa cak caser cattolica cdiscount cemig centraal chronopost cigna cnp
concordia congstar copel correos cpam crous ctt cz dak db debeka desjardins devk dgt dhl ditzo
dkv duo edf edp egk endesa eneco enel engie eni eon ergo essent ethias fastweb fbto fidelidade
fluvius galp generali gmf gothaer groupama hallesche hansemerkur hapvida harmonie hdi helsana
hera huk iberdrola iberia iefp ihk ikk inail inps interpolis iren italo kbc knappschaft kpn kpt
kruis kvg lamal lufthansa luminus lvm maaf macif maif malakoff mapfre matmut mdph menzis meo
metasalute mgen mgp mobiliar movistar msa muface multicare mutua médis naturgy nos notredame o2
ocaso ohra osde pami payback pfa provinzial proximus ratp rdw reale renfe repsol ryanair sabesp
sanitas santalucía santander sara sepe seur sfr sncf solidaris sorgenia sparkasse suez
sulamérica sunrise svb swica swisscom sympany techniker telekom telenet tgss tim tk
tranquilidade trenitalia tui unimed unipol unipolsai uniqa unisalute univé ups urssaf uwv
vattenfall veolia vgz visana vivo vodafone vueling wgv windtre wüstenrot ziggo zilveren zurich
zürich
"""
"""Insurers, authorities and suppliers whose names stand between: "contract EDF 601…"."""
_WORDS: Final = frozenset((_WRITTEN + _ISSUERS).split())


def is_filler(between: str) -> bool:
    """Return whether there are but such words, signs and an aside in brackets in a lowered text."""
    if not between.strip(SIGNS):
        return True
    return all(word in _WORDS for word in words_of(between))


def words_of(between: str) -> list[str]:
    """Return the words in a text, without what is said aside in brackets and without tags."""
    plain = _ASIDE.sub(" ", between) if ")" in between or ">" in between else between
    return [word for word in _APART.split(plain) if word]
