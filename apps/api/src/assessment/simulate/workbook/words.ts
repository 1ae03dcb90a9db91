import type { Language } from '../simulate.schema.js';

/** The words of the workbook: the server writes it, so that they stand here and not in the client. */
const words = {
  summary: ['Summary', 'सारांश', 'सारांश'],
  heads: ['Heads', 'मद', 'शीर्षे'],
  wards: ['Wards', 'वार्ड', 'प्रभाग'],
  uses: ['Uses', 'उपयोग', 'वापर'],
  deciles: ['Deciles', 'दशमक', 'दशमके'],
  movers: ['Largest changes', 'सबसे बड़े बदलाव', 'सर्वात मोठे बदल'],
  oneSided: ['Exceptions of one side', 'एक पक्ष के अपवाद', 'एका बाजूचे अपवाद'],
  method: ['Method', 'विधि', 'पद्धत'],
  present: ['Present', 'वर्तमान', 'सध्याचे'],
  proposed: ['Proposed', 'प्रस्तावित', 'प्रस्तावित'],
  change: ['Change', 'बदलाव', 'बदल'],
  changePercent: ['Change %', 'बदलाव %', 'बदल %'],
  head: ['Head', 'मद', 'शीर्ष'],
  ward: ['Ward', 'वार्ड', 'प्रभाग'],
  use: ['Use', 'उपयोग', 'वापर'],
  decile: ['Tenth', 'दसवाँ भाग', 'दहावा भाग'],
  properties: ['Properties', 'संपत्तियाँ', 'मालमत्ता'],
  assessed: ['Assessed', 'निर्धारित', 'आकारणी झालेल्या'],
  exempt: ['Exempt', 'छूट प्राप्त', 'सूट मिळालेल्या'],
  exceptions: ['Exceptions', 'अपवाद', 'अपवाद'],
  comparable: ['Comparable', 'तुलना योग्य', 'तुलनायोग्य'],
  total: ['Total (₹)', 'कुल (₹)', 'एकूण (₹)'],
  comparableTotal: ['Total of the comparable (₹)', 'तुलना योग्य का कुल (₹)', 'तुलनायोग्यचे एकूण (₹)'],
  up: ['Pay more', 'अधिक देंगे', 'जास्त भरतील'],
  down: ['Pay less', 'कम देंगे', 'कमी भरतील'],
  same: ['Unchanged', 'अपरिवर्तित', 'बदल नाही'],
  onlyPresent: ['Reckoned only at present', 'केवल वर्तमान में गणित', 'फक्त सध्याच्या दराने हिशोब'],
  onlyProposed: ['Reckoned only as proposed', 'केवल प्रस्तावित में गणित', 'फक्त प्रस्तावित दराने हिशोब'],
  lowest: ['Present from (₹)', 'वर्तमान से (₹)', 'सध्याचे पासून (₹)'],
  highest: ['Present to (₹)', 'वर्तमान तक (₹)', 'सध्याचे पर्यंत (₹)'],
  below: ['Change below which this many lie (₹)', 'इससे नीचे का बदलाव (₹)', 'याखालील बदल (₹)'],
  number: ['Property number', 'संपत्ति क्रमांक', 'मालमत्ता क्रमांक'],
  increases: ['Largest increases', 'सबसे बड़ी वृद्धि', 'सर्वात मोठी वाढ'],
  decreases: ['Largest decreases', 'सबसे बड़ी कमी', 'सर्वात मोठी घट'],
  exceptionIn: ['Exception in', 'किसमें अपवाद', 'कोणत्या बाजूस अपवाद'],
  reasons: ['Reasons', 'कारण', 'कारणे'],
  otherSide: ['The other side asks (₹)', 'दूसरा पक्ष माँगता है (₹)', 'दुसरी बाजू मागते (₹)'],
  year: ['Financial year', 'वित्तीय वर्ष', 'आर्थिक वर्ष'],
  rollOf: ['Roll as of', 'पंजी की तिथि', 'नोंदवहीचा दिनांक'],
  ofWards: ['Wards reckoned', 'गणित वार्ड', 'हिशोबातील प्रभाग'],
  all: ['All', 'सभी', 'सर्व'],
  made: ['Simulated on', 'अनुरूपण की तिथि', 'अनुरूपणाचा दिनांक'],
  by: ['By', 'द्वारा', 'कोणी'],
  tariff: ['Tariff', 'कर दर नियम', 'करदर नियम'],
  digest: ['Digest (SHA-256)', 'डाइजेस्ट (SHA-256)', 'डायजेस्ट (SHA-256)'],
  reckonedUnder: ['Reckoned under the year', 'इस वर्ष के अनुसार गणित', 'या वर्षाप्रमाणे हिशोब'],
  base: ['Changed from (digest)', 'इससे बदला (डाइजेस्ट)', 'यावरून बदलले (डायजेस्ट)'],
  changed: ['Changed value', 'बदला मान', 'बदललेले मूल्य'],
  sample: ['Sample, not notified', 'नमूना, अधिसूचित नहीं', 'नमुना, अधिसूचित नाही'],
  nothing: [
    'A simulation assesses nothing and demands nothing.',
    'अनुरूपण से कोई निर्धारण या माँग नहीं बनती।',
    'अनुरूपणाने कोणतीही आकारणी किंवा मागणी होत नाही.',
  ],
  how: [
    'Each property is reckoned by the very statement that a run uses. A change is shown only over properties that both ' +
      'tariffs could reckon; those that are an exception on one side are listed apart and are not a change to nothing.',
    'हर संपत्ति की गणना उसी विधि से होती है जिससे निर्धारण होता है। बदलाव केवल उन संपत्तियों का है जिनकी गणना दोनों नियमों से हो सकी; ' +
      'एक पक्ष के अपवाद अलग सूचीबद्ध हैं और शून्य नहीं माने गए।',
    'प्रत्येक मालमत्तेचा हिशोब आकारणीच्याच पद्धतीने होतो. बदल फक्त दोन्ही नियमांनी हिशोब झालेल्या मालमत्तांचा आहे; ' +
      'एका बाजूचे अपवाद वेगळे दिले आहेत, ते शून्य धरलेले नाहीत.',
  ],
  none: ['Not stated', 'अज्ञात', 'नमूद नाही'],
} as const;

export type Word = keyof typeof words;

const order: readonly Language[] = ['en', 'hi', 'mr'];

/** The word in the language of the reader. */
export function wordIn(language: Language): (word: Word) => string {
  return (word) => words[word][order.indexOf(language)] ?? words[word][0];
}
