import { describeDuration } from '../../runtime/duration.ts';
import { both, html, type Html } from './html.ts';

/** What decides whether the figures of the page are known. */
export interface Evidence {
  readonly brokerConnected: boolean;
  readonly storeAvailable: boolean;
  /** How long nothing could be stored; undefined: the last attempt worked. */
  readonly unstoredForMs: number | undefined;
  readonly lagMs: number;
  readonly flowMode: string;
}

/** A batch that waits longer than this is not being stored, whatever the last write said. */
const MAX_LAG_MS = 15_000;

/** Whether what arrives is stored. */
export function isStoring({ storeAvailable, lagMs }: Evidence): boolean {
  return storeAvailable && lagMs <= MAX_LAG_MS;
}

/** Whether what happens in the city can raise an alert. */
export function isJudging({ brokerConnected, flowMode }: Evidence): boolean {
  return brokerConnected && flowMode !== 'hold';
}

/** What the page does not know, before everything else; nothing if it knows all. */
export function notices(evidence: Evidence): Html {
  const found = [...judgingNotice(evidence), ...storingNotice(evidence)];
  return found.length === 0 ? html`` : html`<section class="notices" role="alert">${found}</section>`;
}

function judgingNotice(evidence: Evidence): Html[] {
  if (isJudging(evidence)) return [];
  const text = evidence.brokerConnected
    ? both(
        'Bộ nhớ đã đầy: các tác tử được yêu cầu chờ, không có cảnh báo mới.',
        'Memory is full: agents are told to wait, and no new alert is raised.',
      )
    : both(
        'Mất kết nối broker: không nhận được gì, không có cảnh báo mới.',
        'No connection to the broker: nothing is received, and no new alert is raised.',
      );
  return [html`<p>■ ${text}</p>`];
}

function storingNotice(evidence: Evidence): Html[] {
  if (isStoring(evidence)) return [];
  const duration = describeDuration(evidence.unstoredForMs ?? evidence.lagMs);
  const text = both(
    `Dữ liệu không được lưu từ ${duration} nay; các tác tử giữ lại. Độ đầy đủ: không rõ.`,
    `Samples have not been stored for ${duration}; their agents keep them. Completeness is unknown.`,
  );
  return [html`<p>■ ${text}</p>`];
}
