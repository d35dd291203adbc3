import { expect, it } from 'vitest';
import { parseSurveyTopic, surveyPrefix } from './survey-topics.ts';

it('a topic says which phone sends and of which radio technology', () => {
  expect(parseSurveyTopic(`${surveyPrefix('phone-07')}lte_message`)).toEqual({
    phone: 'phone-07',
    rat: 'lte',
  });
  expect(parseSurveyTopic('survey/phone-07/80211_beacon_message')).toEqual({
    phone: 'phone-07',
    rat: undefined,
  });
  expect(parseSurveyTopic('survey/phone-07/constructor_message')).toEqual({
    phone: 'phone-07',
    rat: undefined,
  });
});

it.each([
  'lte_message',
  'survey/lte_message',
  'survey/gw-1/lte_message',
  'survey/phone-/lte_message',
  'survey/phone-07/lte_message/x',
  'survey/phone-07/',
  'wardwatch/phone-07/lte_message',
])('any other is none of a phone: %s', (topic) => {
  expect(parseSurveyTopic(topic)).toBeUndefined();
});
