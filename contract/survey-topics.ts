/** Topics of phones with the app Network Survey: the prefix is set in the app, the rest is the app's own. */
const ROOT = 'survey';

/** Reserved: no other agent's id may begin with it. */
export const PHONE_PREFIX = 'phone-';
export const PHONE_ID_PATTERN = /^phone-[a-z0-9-]{1,32}$/;
export const PHONE_ID_EXPECTED = 'expected phone- and 1 to 32 of a-z 0-9 -, such as phone-07';

/** Of the app's topics those that central reads, and the radio technology that each is of. */
const RECORDS = { nr_message: 'nr', lte_message: 'lte', umts_message: 'umts', gsm_message: 'gsm' } as const;
export type SurveyRat = (typeof RECORDS)[keyof typeof RECORDS];

/** What the app may send beside these: Wi-Fi, Bluetooth, its state. Nobody reads it. */
const APP_TOPIC = /^[a-z0-9_]{1,40}_message$/;

/** What central subscribes to. */
export const SURVEY_FILTERS: readonly string[] = Object.keys(RECORDS).map((name) => `${ROOT}/+/${name}`);

/** What is set in the app, with its slash at the end. */
export function surveyPrefix(phone: string): string {
  return `${ROOT}/${phone}/`;
}

export function isPhone(agent: string): boolean {
  return agent.startsWith(PHONE_PREFIX);
}

/** undefined: not a topic of a phone. */
export function parseSurveyTopic(topic: string): { phone: string; rat: SurveyRat | undefined } | undefined {
  const [root, phone = '', name = '', ...more] = topic.split('/');
  if (root !== ROOT || more.length > 0 || !PHONE_ID_PATTERN.test(phone) || !APP_TOPIC.test(name))
    return undefined;
  return { phone, rat: Object.hasOwn(RECORDS, name) ? RECORDS[name as keyof typeof RECORDS] : undefined };
}
