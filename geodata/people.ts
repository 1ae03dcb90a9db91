import type { Random } from './random.js';

/** A name as the roll may spell it: Devanagari first, then the Latin spellings, the usual one first. */
type Spelling = readonly [local: string, ...latin: string[]];

interface Community {
  /** Share of the town's owners. */
  share: number;
  men: Spelling[];
  women: Spelling[];
  surnames: Spelling[];
}

/** `राम Ram|Raam, ...`: one name a comma, spellings apart by bars. */
function read(text: string): Spelling[] {
  return text
    .trim()
    .split(/,\s*/)
    .map((entry) => {
      const space = entry.lastIndexOf(' ');
      return [entry.slice(0, space), ...entry.slice(space + 1).split('|')] as unknown as Spelling;
    });
}

const communities: Community[] = [
  {
    share: 0.76,
    men: read(`
      राजेश Rajesh, रमेश Ramesh, सुरेश Suresh, महेश Mahesh, संजय Sanjay, अनिल Anil,
      सुनील Sunil|Suneel, विनोद Vinod, प्रकाश Prakash, मनोज Manoj, अशोक Ashok, दिनेश Dinesh,
      मुकेश Mukesh, राकेश Rakesh, विजय Vijay, अजय Ajay, राजेंद्र Rajendra|Rajender,
      जितेंद्र Jitendra|Jeetendra, धर्मेंद्र Dharmendra, नरेंद्र Narendra, देवेंद्र Devendra,
      संतोष Santosh, कैलाश Kailash, गोविंद Govind, गोपाल Gopal, हरिशंकर Harishankar,
      रामकिशोर Ramkishore|Ramkishor, शिवकुमार Shivkumar, बृजेश Brijesh|Brajesh,
      लक्ष्मण Laxman|Lakshman, भगवानदास Bhagwandas, बाबूलाल Babulal, मोहनलाल Mohanlal,
      घनश्याम Ghanshyam, आशीष Ashish|Aashish, अमित Amit, विवेक Vivek, पंकज Pankaj, नीरज Neeraj|Niraj,
      सौरभ Saurabh|Sourabh, दीपक Deepak|Dipak, योगेश Yogesh, प्रशांत Prashant, हेमंत Hemant,
      शैलेंद्र Shailendra, कमलेश Kamlesh, बलराम Balram, ओमप्रकाश Omprakash, जगदीश Jagdish,
      पुरुषोत्तम Purushottam|Purshottam, वासुदेव Vasudev|Wasudeo, श्रीराम Shriram|Sriram,
      विष्णु Vishnu, मदन Madan`),
    women: read(`
      सुनीता Sunita|Suneeta, अनीता Anita|Aneeta, गीता Geeta|Gita, सीता Sita|Seeta, रेखा Rekha,
      कमला Kamla, विमला Vimla, शकुंतला Shakuntala|Shakuntla, सावित्री Savitri, लक्ष्मी Laxmi|Lakshmi,
      सरस्वती Saraswati, पार्वती Parvati|Parwati, राधा Radha, मीरा Meera|Mira, पुष्पा Pushpa,
      सरोज Saroj, ममता Mamta, संगीता Sangeeta|Sangita, कविता Kavita, ज्योति Jyoti, आरती Aarti|Arti,
      पूजा Pooja|Puja, नेहा Neha, प्रियंका Priyanka, दीपा Deepa, माया Maya, उर्मिला Urmila,
      रामवती Ramwati, फूलवती Phoolwati|Fulwati, गायत्री Gayatri, वंदना Vandana, अर्चना Archana,
      किरण Kiran, उषा Usha, आशा Asha, शोभा Shobha, मंजू Manju, रजनी Rajni, जानकी Janki, कल्पना Kalpana`),
    surnames: read(`
      पटेल Patel, यादव Yadav, तिवारी Tiwari|Tewari, त्रिपाठी Tripathi|Tripathy, मिश्रा Mishra|Misra,
      शर्मा Sharma, शुक्ला Shukla, दुबे Dubey|Dube, पांडेय Pandey|Pande,
      चौधरी Choudhary|Chaudhari|Chaudhary|Choudhari, सेन Sen, साहू Sahu, गुप्ता Gupta,
      अग्रवाल Agrawal|Agarwal, सोनी Soni, राय Rai|Roy, सिंह Singh, ठाकुर Thakur, राजपूत Rajput,
      लोधी Lodhi|Lodhee, कुशवाहा Kushwaha|Kushwah, अहिरवार Ahirwar|Aharwar, रजक Rajak,
      विश्वकर्मा Vishwakarma, नामदेव Namdev|Namdeo, चौरसिया Chourasia|Chaurasia, खरे Khare,
      श्रीवास्तव Shrivastava|Srivastava|Shrivastav, सक्सेना Saxena, दीक्षित Dixit|Dikshit,
      उपाध्याय Upadhyay|Upadhyaya, चतुर्वेदी Chaturvedi, द्विवेदी Dwivedi, बुंदेला Bundela,
      परिहार Parihar, रैकवार Raikwar, केशरवानी Kesharwani, कोरी Kori, प्रजापति Prajapati, बघेल Baghel,
      मालवीय Malviya, जोशी Joshi, देशमुख Deshmukh, कुलकर्णी Kulkarni, पाटिल Patil,
      भोसले Bhosle|Bhosale, जाधव Jadhav|Jadhao, शिंदे Shinde, वर्मा Verma|Varma, राठौर Rathore|Rathor,
      गौतम Gautam|Goutam, पटवा Patwa, असाटी Asati, सेठ Seth`),
  },
  {
    share: 0.12,
    men: read(`
      मोहम्मद Mohammad|Mohd|Mohammed, अब्दुल Abdul, रहीम Raheem|Rahim, करीम Kareem|Karim, इमरान Imran,
      सलीम Saleem|Salim, यूसुफ Yusuf|Yousuf, इकबाल Iqbal|Ikbal, अनवर Anwar, रशीद Rasheed|Rashid,
      शकील Shakeel|Shakil, जावेद Javed|Jawed, अहमद Ahmad|Ahmed, नसीम Naseem|Nasim, हनीफ Hanif|Haneef,
      मुश्ताक Mushtaq`),
    women: read(
      `
      फातिमा Fatima, शबाना Shabana, नसरीन Nasreen|Nasrin, रुखसाना Rukhsana, सलमा Salma,
      आयशा Ayesha|Aisha, जरीना Zarina|Zareena, परवीन Parveen|Parvin, शहनाज़ Shahnaz, मुमताज Mumtaz`,
    ),
    surnames: read(
      `
      खान Khan, कुरैशी Qureshi|Kureshi, अंसारी Ansari, शेख Sheikh|Shaikh, मंसूरी Mansoori|Mansuri,
      सिद्दीकी Siddiqui|Siddiqi, राईन Raeen|Rain, बेग Beg|Baig, अली Ali, हुसैन Hussain|Husain`,
    ),
  },
  {
    share: 0.08,
    men: read(
      `
      सुमत Sumat, अभय Abhay, वीरेंद्र Virendra|Veerendra, ऋषभ Rishabh, कोमल Komal, सुभाष Subhash,
      प्रमोद Pramod, शांतिलाल Shantilal, पारस Paras, महावीर Mahaveer|Mahavir`,
    ),
    women: read(
      `
      त्रिशला Trishla, कुसुम Kusum, सुधा Sudha, चंदा Chanda, राजुल Rajul, स्वाति Swati|Swathi,
      मधु Madhu, शांति Shanti`,
    ),
    surnames: read(
      `
      जैन Jain, सिंघई Singhai, मोदी Modi, बड़जात्या Badjatya, मलैया Malaiya, समैया Samaiya,
      बजाज Bajaj, सेठी Sethi`,
    ),
  },
  {
    share: 0.04,
    men: read(
      `
      गुरप्रीत Gurpreet, हरजीत Harjeet|Harjit, बलविंदर Balwinder|Balvinder, जॉन John, पीटर Peter,
      जोसेफ Joseph, अविनाश Avinash, सिद्धार्थ Siddharth|Sidharth, मिलिंद Milind`,
    ),
    women: read(
      `
      मनजीत Manjeet|Manjit, कुलविंदर Kulwinder, मेरी Mary, ग्रेस Grace, रमाबाई Ramabai, सुजाता Sujata,
      प्रज्ञा Pragya|Pradnya`,
    ),
    surnames: read(
      `
      छाबड़ा Chhabra|Chabra, भाटिया Bhatia, सलूजा Saluja, मसीह Masih, लाल Lal, कांबले Kamble|Kambale,
      गजभिये Gajbhiye|Gajbhiya, वानखेड़े Wankhede|Wankhade`,
    ),
  },
];

const bodies: [latin: string, local: string][] = [
  ['Nagar Palika Parishad Nagarpur', 'नगर पालिका परिषद नगरपुर'],
  ['Shri Ram Mandir Trust', 'श्री राम मंदिर ट्रस्ट'],
  ['Jama Masjid Committee', 'जामा मस्जिद कमेटी'],
  ['Digambar Jain Panchayat Samiti', 'दिगम्बर जैन पंचायत समिति'],
  ['Public Works Department', 'लोक निर्माण विभाग'],
  ['School Education Department', 'स्कूल शिक्षा विभाग'],
  ['Gyan Jyoti Shiksha Samiti', 'ज्ञान ज्योति शिक्षा समिति'],
  ['Krishi Upaj Mandi Samiti', 'कृषि उपज मंडी समिति'],
];

export interface Person {
  name: string;
  nameLocal: string;
  isWoman: boolean;
  community: Community;
  surname: Spelling;
  given: Spelling;
}

/** An owner's name in both scripts; given `family`, a relative with the same surname, spelt as it comes. */
export function person(random: Random, family?: Person): Person {
  const community = family?.community ?? communityOf(random.next());
  const isWoman = random.chance(0.34);
  const names = isWoman ? community.women : community.men;
  let given = random.pickEarly(names);
  // Two of one family do not share both names.
  if (given === family?.given) given = names[(names.indexOf(given) + 1) % names.length] as Spelling;
  const surname = family?.surname ?? random.pickEarly(community.surnames);
  const first = spell(given, random);
  const second = spell(surname, random);
  return {
    name: `${first} ${second}`,
    nameLocal: `${given[0]} ${surname[0]}`,
    isWoman,
    community,
    surname,
    given,
  };
}

/** A trust, a committee or an office. */
export function body(random: Random): { name: string; nameLocal: string } {
  const [name, nameLocal] = random.pick(bodies);
  return { name, nameLocal };
}

function communityOf(luck: number): Community {
  let sum = 0;
  for (const community of communities) {
    sum += community.share;
    if (luck < sum) return community;
  }
  return communities[0] as Community;
}

/** Seven clerks of ten use the usual spelling. */
function spell(spelling: Spelling, random: Random): string {
  const variants = spelling.length - 1;
  if (variants === 1 || random.chance(0.7)) return spelling[1] as string;
  return spelling[random.whole(2, variants)] as string;
}
