import type { Random } from './random.js';
import type { Street } from './streets.js';
import type { Style } from './styles.js';

/** A name in Latin and Devanagari. */
export interface PlaceName {
  name: string;
  nameLocal: string;
}

function read(text: string): [latin: string, local: string][] {
  return text
    .trim()
    .split(/,\s*/)
    .map((entry) => {
      const at = entry.search(/[\u0900-\u097f]/);
      return [entry.slice(0, at).trim(), entry.slice(at).trim()];
    });
}

const honoured = read(`
      Gandhi गांधी, Nehru नेहरू, Subhash सुभाष, Tilak तिलक, Azad आज़ाद, Bhagat Singh भगत सिंह,
      Ambedkar अम्बेडकर, Shastri शास्त्री, Indira इंदिरा, Vivekanand विवेकानंद,
      Rani Durgavati रानी दुर्गावती, Laxmibai लक्ष्मीबाई, Patel पटेल, Shivaji शिवाजी, Tulsi तुलसी,
      Kabir कबीर, Ravidas रविदास, Maharana Pratap महाराणा प्रताप, Chhatrasal छत्रसाल,
      Rajendra Prasad राजेन्द्र प्रसाद, Deendayal दीनदयाल, Savarkar सावरकर, Jaiprakash जयप्रकाश,
      Malviya मालवीय, Tagore टैगोर, Ahilyabai अहिल्याबाई, Birsa Munda बिरसा मुंडा,
      Zakir Hussain ज़ाकिर हुसैन, Valmiki वाल्मीकि, Mahavir महावीर, Guru Nanak गुरु नानक, Phule फुले`);
const towns = read(`
      Sagar सागर, Jabalpur जबलपुर, Bhopal भोपाल, Damoh दमोह, Bina बीना, Khurai खुरई, Rehli रहली,
      Jhansi झांसी, Indore इंदौर, Narsinghpur नरसिंहपुर, Station स्टेशन, Hospital अस्पताल,
      Court कोर्ट, Collectorate कलेक्ट्रेट, Mandi मंडी, College कॉलेज, Cantonment छावनी, Tehsil तहसील`);
const trades = read(`
      Sarafa सराफा, Bara Bazaar बड़ा बाज़ार, Katra कटरा, Lohari लोहारी, Kasai कसाई, Chuna चूना,
      Anaj Mandi अनाज मंडी, Kapda कपड़ा, Sabzi Mandi सब्ज़ी मंडी, Bartan बर्तन, Ghanta Ghar घंटा घर,
      Kotwali कोतवाली, Nazarbagh नज़रबाग, Chowk चौक, Itwari इतवारी, Budhwari बुधवारी, Gola गोला,
      Tripolia त्रिपोलिया`);
const mohallas = read(`
      Purvyau पुरव्याऊ, Chakra Ghat चकरा घाट, Lajpatpura लाजपतपुरा, Shanichari शनीचरी,
      Kakaganj काकागंज, Parkota परकोटा, Motinagar मोतीनगर, Bariaghat बरियाघाट, Gopalganj गोपालगंज,
      Ramganj रामगंज, Sadar सदर, Bhitar Bazaar भीतर बाज़ार, Kesharganj केशरगंज,
      Sant Ravidas संत रविदास, Jawaharganj जवाहरगंज, Naya Pura नया पुरा, Bada Talab बड़ा तालाब,
      Mochi Pura मोची पुरा, Teli Pura तेली पुरा, Brahman Pura ब्राह्मण पुरा, Kumhar Toli कुम्हार टोली,
      Darji Toli दर्जी टोली`);
const colonies = read(`
      Shiv शिव, Krishna कृष्णा, Laxmi लक्ष्मी, Ganesh गणेश, Sai साईं, Anand आनंद, Shanti शांति,
      Adarsh आदर्श, Nav Jeevan नव जीवन, Surya सूर्या, Vasant वसंत, Ganga गंगा, Narmada नर्मदा,
      Betwa बेतवा, Vindhya विंध्य, Gulmohar गुलमोहर, Ashoka अशोका, Green Park ग्रीन पार्क,
      Pragati प्रगति, Janta जनता, Teachers टीचर्स, Railway रेलवे, Police Line पुलिस लाइन`);
const kinds: Record<Style['kind'], [latin: string, local: string][]> = {
  bazaar: read('Bazaar बाज़ार, Chowk चौक, Gali गली'),
  old: read('Mohalla मोहल्ला, Ward वार्ड, Tila टीला'),
  colony: read('Colony कॉलोनी, Nagar नगर, Puram पुरम'),
  planned: read('Vihar विहार, Enclave एन्क्लेव, Nagar Phase 2 नगर फेज़ 2, Township टाउनशिप'),
  villas: read('Civil Lines सिविल लाइंस, Bagh बाग, Estate एस्टेट'),
  industry: read('Industrial Area औद्योगिक क्षेत्र'),
  farm: read('Mauza मौजा, Khurd खुर्द, Kalan कलां'),
};

/** A neighbourhood's name, after the way it is built. */
export function localityName(style: Style, random: Random): PlaceName {
  const first = random.pick(style.kind === 'bazaar' ? trades : style.kind === 'old' ? mohallas : colonies);
  const second = random.pick(kinds[style.kind]);
  return { name: `${first[0]} ${second[0]}`, nameLocal: `${first[1]} ${second[1]}` };
}

/** Ward names do not repeat until the list is through, then they are numbered. */
export function wardName(index: number): PlaceName {
  const [latin, local] = honoured[index % honoured.length] as [string, string];
  const round = Math.floor(index / honoured.length) + 1;
  const suffix = round > 1 ? ` ${round}` : '';
  return { name: `${latin} Ward${suffix}`, nameLocal: `${local} वार्ड${suffix}` };
}

/** Names a street by its rank: great roads by where they lead, streets after people, lanes by number. */
export function nameStreet(street: Street, locality: PlaceName | null, laneNo: number, random: Random): void {
  if (street.divider === 'arterial' || street.divider === 'sub_arterial') {
    const [latin, local] = random.pick(towns);
    [street.name, street.nameLocal] = [`${latin} Road`, `${local} रोड`];
  } else if (street.divider === 'collector' || !locality) {
    const [latin, local] = random.pick(honoured);
    [street.name, street.nameLocal] = [`${latin} Marg`, `${local} मार्ग`];
  } else if (street.divider === 'local') {
    [street.name, street.nameLocal] = [`${locality.name} Main Road`, `${locality.nameLocal} मुख्य मार्ग`];
  } else {
    [street.name, street.nameLocal] = [
      `Gali No. ${laneNo}, ${locality.name}`,
      `गली क्र. ${laneNo}, ${locality.nameLocal}`,
    ];
  }
}
