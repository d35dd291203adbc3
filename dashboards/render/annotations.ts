import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { AnnotationQueryBuilder, type AnnotationQuery } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Text } from '../../contract/catalogue.ts';
import { COLOUR, type Colour } from '../panel/colour.ts';
import { tagValue, value } from '../query/column.ts';
import { select } from '../query/select.ts';
import type { Query } from '../query/query.ts';
import { say, type Context } from './context.ts';
import { DATASOURCE } from './datasource.ts';
import { shown } from './links.ts';

/** A storm has more of them than a picture can carry. */
const LIMIT = 200;

interface Marks {
  readonly name: Text;
  readonly colour: Colour;
  readonly query: Query;
  /** Columns of the text, of the labels, and of the end. */
  readonly text: string;
  readonly labels: string;
  readonly end: string;
}

const WORDS: Readonly<Record<Context['language'], 'title' | 'title_vi'>> = { en: 'title', vi: 'title_vi' };

/** Incidents and planned work, drawn over everything that has a time axis. */
export function annotations(context: Context): AnnotationQuery[] {
  const title = WORDS[context.language];
  return [
    annotation(context, {
      name: { en: 'Incidents', vi: 'Sự cố' },
      colour: COLOUR.critical,
      query: select('incident', value(title), value('severity'), value('ended_at'), tagValue('root')).rows(
        LIMIT,
      ),
      text: title,
      labels: 'severity,root',
      end: 'ended_at',
    }),
    annotation(context, {
      name: { en: 'Maintenance', vi: 'Bảo trì' },
      colour: COLOUR.maintenance,
      query: select('maintenance', value('reason'), value('ended_at'), tagValue('window')).rows(LIMIT),
      text: 'reason',
      labels: 'window',
      end: 'ended_at',
    }),
  ];
}

function annotation(context: Context, { name, colour, query, text, labels, end }: Marks): AnnotationQuery {
  const asked = {
    refId: 'Anno',
    datasource: DATASOURCE,
    queryType: 'tags',
    rawQuery: true,
    fromAnnotations: true,
    query: query.text,
    textColumn: text,
    tagsColumn: labels,
    timeEndColumn: end,
    _implementsDataqueryVariant() {},
  };
  const target: Builder<Dataquery> = { build: () => asked };
  return shown(
    new AnnotationQueryBuilder()
      .name(say(context, name))
      .datasource(DATASOURCE)
      .enable(true)
      .hide(false)
      .iconColor(colour)
      .target(target)
      .build(),
  );
}
