import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Names by sound. A clerk types `tripathi`, the roll says त्रिपाठी or Tripathy: all three have the skeleton `trpt`.
 * Vowels, aspiration, doubling and the sibilants and nasals that spellings confuse are folded away.
 */
export class CreateNameSkeleton1795305604000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [nameSkeleton, numberKey]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

/** Devanagari consonants and what they sound like; capitals, so that the rules for Latin letters leave them alone. */
const consonants = [
  ['कखगघङ', 'KKGGN'],
  ['चछजझञ', 'CCJJN'],
  ['टठडढणतथदधन', 'TTDDNTTDDN'],
  ['पफबभम', 'PPBBM'],
  ['रऱलळवशषसह', 'RRLLVSSSH'],
  // The vowel sign of Krishna sounds as an r; the virama is kept for a moment to see doubled consonants.
  ['ृंँ्', 'RNN~'],
];
const from = consonants.map(([letters]) => letters).join('');
const to = consonants.map(([, sounds]) => sounds).join('');
/** Everything of the script that is left: vowels inside a word and their signs, य, nukta, joiners. */
const silent = 'अआइईउऊऋएऐओऔऑऍािीुूेैोौॉॅॆॊयः़ऽ\u200c\u200d';

const nameSkeleton = `CREATE FUNCTION name_skeleton(written text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE t text := lower(written);
BEGIN
  IF octet_length(t) > length(t) THEN
    t := regexp_replace(normalize(t, NFD), '[\\u0300-\\u036f]', '', 'g');
    t := replace(replace(replace(replace(t, 'ज्ञ', 'G'), 'ंह', 'ंघ'), 'ड़', 'R'), 'ढ़', 'R');
    t := regexp_replace(t, '[ंँ](?![\\u0900-\\u0963\\u0970-\\u097f])', '', 'g');
    t := regexp_replace(t, '(^|[^\\u0900-\\u0963\\u0970-\\u097fRG])य', '\\1Y', 'g');
    t := regexp_replace(t, '(^|[^\\u0900-\\u0963\\u0970-\\u097fRG])ऋ', '\\1R', 'g');
    t := regexp_replace(t, '(^|[^\\u0900-\\u0963\\u0970-\\u097fRG])[ऄ-औॠॐ]', '\\1A', 'g');
    t := regexp_replace(translate(t, '${from}${silent}', '${to}'), '([A-Z])~\\1', '\\1', 'g');
    t := replace(t, '~', '');
  END IF;
  t := ' ' || regexp_replace(t, '[^a-zA-Z]+', ' ', 'g') || ' ';
  t := replace(replace(replace(t, ' mohd ', ' mohammad '), ' md ', ' mohammad '), 'garh ', 'gar ');
  t := replace(replace(replace(replace(replace(t, 'q', 'k'), 'sch', 'sk'), 'dny', 'g'), 'gny', 'g'), 'x', 'ks');
  t := replace(replace(regexp_replace(t, 'c+h+', 'q', 'g'), 'ce', 'se'), 'ci', 'si');
  t := regexp_replace(translate(t, 'cfwz', 'kpvj'), '([bdgjkpst])h+', '\\1', 'g');
  t := regexp_replace(replace(replace(t, 'ao', 'av'), 'eo', 'ev'), '([a-z])\\1+', '\\1', 'g');
  t := regexp_replace(replace(t, ' y', ' Y'), ' [aeiou]+', ' A', 'g');
  t := lower(translate(t, 'qaeiouy', 'c'));
  t := replace(replace(replace(t, 'mp', 'np'), 'mb', 'nb'), 'mv', 'nv');
  RETURN btrim(regexp_replace(t, ' +', ' ', 'g'));
END $$`;

/** `W-12/0034` and `w12 0034` are one number; digits of both scripts are the same. */
const numberKey = `CREATE FUNCTION number_key(written text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT regexp_replace(translate(lower(written), '०१२३४५६७८९', '0123456789'), '[ -/:-@\\[-\`{-~]', '', 'g') $$`;
