/** Words that may stand between a label and its value, and say nothing themselves. */

const QUOTES = "\u00ab\u00bb\u2018\u2019\u201c\u201d\u201e\u2039\u203a";
const SIGNS = ` \t\n:=#.,;!?'"\`*_~|()[]{}<>/\\\u2190\u2192\u00b0\u2116-${QUOTES}`;
const APART = new RegExp(`[${SIGNS.replace(/[\]\\-]/g, "\\$&")}]+`);
/** In brackets, or a tag of a markup. */
const ASIDE = /\([^()\n]{1,40}\)|<[^<>\n]{1,60}>/g;
export const WORDS = new Set(`
a above actual adjunto africa al albanian alemania algerian alla allegato als altes american an
ancien and andorran anexo angegebene anterior antigo antiguo ao aparece are argentina argentine
argentinian as asignado assigned at attached attribué au australia australian austria austrian aux
az azerbaijani bangladeshi be been being belarusian belgian belgique belgium belgië belonging below
benim bir bolivia bolivian brasil brazil brazilian british bulgarian by c called campo canada
canadian card ce cet cette champ chile chilean china chinese client cliente code codice codigo
colombia colombian complet completo consta contains correct correcto costa croatia croatian cuba
cuban cujo current currently customer cuyo cypriot czech código d da dal danish das dat de dei del
della delle dem den denmark der deren des dessen deutschland deze di die do dominican dominicana dos
du dutch e ecuador ecuadorian ed een egyptian ein eine einer eines el em emirati en ends enregistré
enregistrée entered equals er era eram eran erano es españa est esta este estonian está et eu
european expediente feld field file filipino finland finnish first foi folgende folgender following
follows for fourni france francia frankreich french full für geldige genoemde georgian geregistreerd
german germany ghanaian given greece greek guatemala guatemalan gültige haar hans hennes her here
het his holder honduran honduras hong hun hungarian i iceland icelandic id ihr ihre il im in india
indian indicado indicato indiqué indonesia indonesian iranian ireland irish is israeli issued ist it
italia italian italy its için ja japan japanese je jego jej jest jouw kazakh kenya kenyan kingdom
klant known kong korea korean kunden kuwaiti l la las latvian lauten lautet le les leur listed
lithuanian lo los luidt luxembourg ma macedonian malaysia malaysian maltese mauritian me mein meine
meinem meiner mentioned mes meu meus mexican mexico mi mia mie mijn min mina minha minun mio mis
mitt moja moje moldova moldovan mon montenegrin moroccan mozambican must my mé méxico mój můj n na
nederland nel nepalese nepali netherlands neue neuer new nicaraguan nieuwe nigeria nigerian no
norway norwegian nos nossa nosso notre nouveau nouvelle nova novo now nr nro nuestro nueva nuevo num
number numero nummer numéro nuova nuovo núm número o oben oder of official officiel officiële
offizielle oficial olan old oli on ons onze op or os ou oude our paciente pakistani panamanian par
para paraguay paraguayan patient patiënt pelo personal personale persoonlijke persönliche peru
peruvian perú pessoal philippine philippines please poland polish polska por portugal portuguese
pour previous primary provided que questa questo qui reads real record records ref reg registado
registered registrado registration registrato registrierte rica romania romanian românia româniei
russian rwandan s sa salvador salvadoran same saudi says schweiz scottish se second segue seguente
seguido seguinte sein seine senegalese ser serbia serbian ses seu seus should shown shows siendo
siguiente sind singapore się slovak slovenia slovenian son sono sont south spain spanish specified
states su sua suisse suivant suivante suo sus sweden swedish swiss switzerland taiwan taiwanese
tanzanian te thai thailand that the their this to tua tunisian tuo turkey turkish türkiye ufficiale
ugandan uk ukrainian um uma un una und under une union united unser unsere unter uruguay uruguayan
us usa uw valeur valid valide valido valor value van veld venezuela venezuelan vietnamese voici
volgt volledige vollständige vom von voor vos votre vuestro válido war waren was we were wert which
wie would y you your zealand zijn zimbabwean zoals zum zur är è é était österreich č είναι η μου το
мой моя мій на номер це это является є הוא שלי رقم هو هي मेरा मेरी है हैं คือ เป็น № が です の は を 为 号
号码 是 為 的 的是 號 號碼 가 는 은 의 이
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
ad ae ar az bd be bg bo br by ca ch cl cn cr cu cy cz dk dz ec ee eg fi fo fr gb ge gh gn gr gt hk
hn hr hu ie ir jp ke kr kw kz li lk lt lu lv md mk mt mu mx my mz ng nl np nz pe ph pk pl pt py ro
rs ru rw se sg si sk sn sv th tn tr tw tz ua ug uy ve vn za zw
`.trim().split(/\s+/));

/**
 * Return whether there are but such words, signs and an aside in brackets in a lowered text.
 *
 * @param {string} between
 */
export function isFiller(between) {
  return wordsOf(between).every((word) => WORDS.has(word));
}

/**
 * Return the words in a text, without what is said aside in brackets and without tags.
 *
 * @param {string} between
 */
export function wordsOf(between) {
  const plain = between.includes(")") || between.includes(">") ? between.replace(ASIDE, " ") : between;
  return plain.split(APART).filter(Boolean);
}
