import { alertBound } from '../pipeline/city-case.ts';
import { atLeast, atMost } from '../report/bar.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { Section, SectionResult } from '../report/section.ts';
import { measureCost, type AlertingCost } from './cost.ts';
import { OPEN_ALERTS } from './lines-city.ts';
import { measureOpenAlerts, type OpenAlertsFigures } from './open-alerts.ts';

export const alertingSection: Section = {
  name: 'alerting',
  about: '5,000 open alerts: a transition, and kill -9; what all shipped rules cost at city load',
  run: async ({ dist, seconds }) => {
    const open = await measureOpenAlerts(dist, seconds);
    return toSection(open, await measureCost(dist, seconds));
  },
};

function toSection(open: OpenAlertsFigures, cost: AlertingCost): SectionResult {
  const { transitions, recovery } = open;
  const { differences, told, toTell, unheard } = recovery;
  return {
    tables: [
      {
        title: `${quantity(open.open)} open alerts`,
        head: ['what', 'measured'],
        rows: [
          ['alerts that nobody is told of', quantity(open.suppressed)],
          ['open incidents', quantity(recovery.incidents)],
          ['central while nothing changes', `${percent(open.quietCpuRatio)} of one core`],
          [
            `central at ${quantity(transitions.transitions)} transitions`,
            `${percent(open.busyCpuRatio)} of one core`,
          ],
          ['CPU of a transition', `${quantity(open.cpuMsPerTransition)} ms`],
          ['arrival to disk, p50', `${alertBound(transitions.p50Ms)} ms`],
          ['arrival to disk, p99', `${alertBound(transitions.p99Ms)} ms`],
          ['slowest list of 100 alerts meanwhile', `${quantity(open.slowestListMs)} ms`],
        ],
      },
      {
        title: 'Killed with kill -9 while alerts begin and end, and started again',
        head: ['what', 'measured'],
        rows: [
          ['exec until the API answers', `${quantity(recovery.answersAfterS)} s`],
          ['exec until a new alert is on disk', `${quantity(recovery.judgesAfterS)} s`],
          ['events that are gone or changed', quantity(differences.changedEvents)],
          ['events that are there twice', quantity(differences.twice)],
          ['events of alerts to which nothing happened', quantity(differences.unasked)],
          ['messages', quantity(told.messages)],
          ['alerts whose beginning was told', quantity(told.alerts)],
          ['told twice', quantity(told.twice)],
          ['alerts on disk that had to be told', quantity(toTell)],
          ['of them without exactly one begin', quantity(unheard.begins)],
          ['of those told and over, without exactly one end', quantity(unheard.ends)],
        ],
      },
      {
        title: 'Central at city load with the inventory: all shipped rules beside none, in the same windows',
        head: ['what', '% of one core'],
        rows: [
          ['with all shipped rules', percent(cost.withRulesCpuRatio)],
          ['without rules', percent(cost.withoutCpuRatio)],
          ['what alerting costs', percent(cost.costCpuRatio)],
        ],
      },
    ],
    figures: { open, cost },
    bars: [
      atLeast('alerts that are open', OPEN_ALERTS, 'alerts', open.open),
      atMost('a transition among 5,000 open alerts: CPU', 50, 'ms', open.cpuMsPerTransition),
      atMost('a transition among 5,000 open alerts: arrival to disk, p99', 250, 'ms', transitions.p99Ms),
      atMost('kill -9 with 5,000 open alerts: exec until judging again', 5, 's', recovery.judgesAfterS),
      atMost('kill -9: events lost, changed, twice or unasked', 0, 'events', sumOf(differences)),
      atMost('kill -9: told twice', 0, 'alerts', told.twice),
      atMost(
        'kill -9: alerts on disk without exactly one begin that was told',
        0,
        'alerts',
        toTell === 0 ? undefined : unheard.begins,
      ),
      atMost(
        'kill -9: told alerts that are over without exactly one end that was told',
        0,
        'alerts',
        toTell === 0 ? undefined : unheard.ends,
      ),
      atMost(
        'alerting at city load, over central without rules',
        8,
        '% of one core',
        cost.costCpuRatio * 100,
      ),
      atMost('alerting at city load: arrival to disk, p99', 250, 'ms', cost.alerts.p99Ms),
    ],
  };
}

function sumOf({ changedEvents, twice, unasked }: OpenAlertsFigures['recovery']['differences']): number {
  return changedEvents + twice + unasked;
}
