/**
 * Words that stand at the heart of the passwords most often found in published leaks and of those that an
 * Indian office chooses first. A password that is one of them with digits and signs around it is refused.
 */
export const commonWords: ReadonlySet<string> = new Set(
  `password passwort passcode passw pass secret secreto admin administrator adminadmin root toor user
   username login welcome letmein default changeme change guest test tester testing demo sample temp
   temporary master manager system server computer internet desktop windows microsoft google
   facebook android iphone samsung nokia yahoo gmail hotmail qwerty qwertyuiop qwertyui asdfghjkl
   asdfghjk asdfgh zxcvbnm zxcvbn qazwsx qazwsxedc qweasd qweasdzxc azerty iloveyou loveyou lovely
   iloveu love lovers forever friends family mother father brother sister princess sunshine monkey
   dragon football baseball basketball superman batman spiderman pokemon starwars naruto michael
   jennifer jordan ashley daniel jessica charlie thomas robert william andrew joshua matthew anthony
   hunter shadow freedom flower summer winter spring autumn monday friday january february march
   april june july august september october november december trustno whatever nothing hello
   helloworld abcdef abcdefg abcdefgh abcdefghi abcdefghij abcabc india indian bharat bharatmata
   hindustan jaihind vandemataram mumbai bombay delhi newdelhi pune nagpur nashik thane kolkata
   calcutta chennai madras bangalore bengaluru hyderabad ahmedabad surat jaipur lucknow kanpur
   indore bhopal patna maharashtra gujarat rajasthan karnataka kerala tamilnadu punjab bihar krishna
   radhakrishna radheradhe hareram hareramharekrishna ganesh ganesha ganpati shivaji shivshakti
   mahadev harharmahadev omnamahshivaya omsairam sairam saibaba jaishreeram jaishriram jaimatadi
   jaihanuman hanuman bajrangbali lakshmi saraswati durga parvati govinda waheguru allah allahuakbar
   bismillah jesus jesuschrist christ sachin tendulkar sachintendulkar dhoni msdhoni virat
   viratkohli kohli cricket ipl bollywood salman salmankhan shahrukh amitabh priyanka deepika priya
   pooja puja neha anjali kavita sunita rahul rohit amit sumit rajesh suresh ramesh mahesh ganeshji
   sanjay vijay ajay deepak prakash mummy papa mummypapa maapapa jaan sweety sweetheart beautiful
   jarib municipality municipal municipalcorporation corporation mahanagarpalika nagarpalika
   nagarparishad nagarpanchayat palika council commissioner collector officer engineer surveyor
   cashier clerk revenue revenueofficer propertytax property housetax tax taxes parcel parcels ward
   wards water sewerage streetlight streetlights roads office government govt sarkar sarkari aadhaar
   aadhar`.split(/\s+/),
);
