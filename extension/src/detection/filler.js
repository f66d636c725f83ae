/** Words that may stand between a label and its value, and say nothing themselves. */

const SIGNS = " \t\n:=#.,;!?'\"`*_~|()[]{}<>/\\\u2192\u00ab\u00bb\u00b0\u2116-";
const APART = new RegExp(`[${SIGNS.replace(/[\]\\-]/g, "\\$&")}]+`);
const ASIDE = /\([^()\n]{1,24}\)/g;
const WORDS = new Set(
  `
a al alla als am an and ao aparece are as at au aus aux avec az be been bei beim being below
benim bir by c ce cet cette code codice codigo com con consta correct correcto cujo current
cuyo código d da dal dans das dat de dei del della delle dem den der deren des dessen deze
di die do dos du e ed een ein eine einer eines el em en enregistré er era eram eran erano es
est esta este está et expediente file foi folgende folgender following follows for fourni
from für given haar haben had hans har has hat have heeft hennes her here het his holder hun
i id ihr ihre il im in indiqué is ist it its için ja je jego jej jest jouw l la las lauten
lautet le les leur listed lo los luidt ma mein meine meinem meiner mes met meu meus mi mia
mie mijn min mina minha minun mio mis mit mitt moja moje mon my mé mój můj n na nel no nos
nossa nosso notre now nr nro nuestro num number numero nummer numéro núm número o oder of
olan oli on ons onze op or os ou our par para pelo per por pour provided que questa questo
qui reads record records sa se segue seguente seguido seguinte sein seine ser ses seu seus
shown siendo siguiente sind się son sono sont su sua suivant suivante suo sus te tem that
the their this tiene to tua tuo um uma un una und under une unser unsere unter uw value van
ve voici volgt vom von voor vos votre vuestro war waren was we were which wie with y you
your zijn zoals zu zum zur är è é était č είναι η μου ο το мой моя мій на номер це это
является є הוא שלי رقم هو هي मेरा मेरी है हैं คือ เป็น № が です の は を 为 号 号码 是 為 的 的是 號 號碼 가 는
은 의 이
`.split(/\s+/),
);

/**
 * Return whether there are but such words, signs and an aside in brackets in a lowered text.
 *
 * @param {string} between
 */
export function isFiller(between) {
  const plain = between.includes(")") ? between.replace(ASIDE, " ") : between;
  return plain.split(APART).every((word) => !word || WORDS.has(word));
}
