import { describeDuration } from '../../runtime/duration.ts';
import type { AgentsHeard } from '../health/agents-heard.ts';
import type { ClockStanding } from '../liveness/trusted-clock.ts';
import { both, html, type Html } from './html.ts';

/** What decides whether the figures of the page are known. */
export interface Evidence extends AgentsHeard {
  readonly brokerConnected: boolean;
  readonly storeAvailable: boolean;
  /** How long nothing could be stored; undefined: the last attempt worked. */
  readonly unstoredForMs: number | undefined;
  readonly lagMs: number;
  readonly flowMode: string;
  /** Nearly all agents fell silent at once. */
  readonly isDeaf: boolean;
  readonly clock: ClockStanding;
}

/** A batch that waits longer than this is not being stored, whatever the last write said. */
const MAX_LAG_MS = 15_000;

/** Whether what arrives is stored. */
export function isStoring({ storeAvailable, lagMs }: Evidence): boolean {
  return storeAvailable && lagMs <= MAX_LAG_MS;
}

/** Whether what arrives is judged. */
function canJudge({ brokerConnected, flowMode }: Evidence): boolean {
  return brokerConnected && flowMode !== 'hold';
}

/** Whether what happens in the city can raise an alert: what arrives is judged, and something does arrive. */
export function isJudging(evidence: Evidence): boolean {
  return canJudge(evidence) && evidence.agentsHeard > 0 && !evidence.isDeaf;
}

/** What the page does not know, before everything else; nothing if it knows all. */
export function notices(evidence: Evidence): Html {
  const found = [
    ...judgingNotice(evidence),
    ...silenceNotice(evidence),
    ...storingNotice(evidence),
    ...clockNotice(evidence),
  ];
  return found.length === 0 ? html`` : html`<section class="notices" role="alert">${found}</section>`;
}

function judgingNotice(evidence: Evidence): Html[] {
  if (canJudge(evidence)) return [];
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

function silenceNotice(evidence: Evidence): Html[] {
  if (!canJudge(evidence) || isJudging(evidence)) return [];
  const { isDeaf, quietForMs, agentsHeard } = evidence;
  if (isDeaf && agentsHeard > 0)
    return [
      html`<p>
        ■
        ${both(
          'Gần như mọi tác tử im lặng cùng lúc: có lẽ lỗi ở phía trung tâm (mạng, broker). Không rõ tình trạng thành phố.',
          "Nearly all agents fell silent at once: the fault is probably at central's end (network, broker). The state of the city is not known.",
        )}
      </p>`,
    ];
  const text =
    quietForMs === undefined
      ? both('Chưa tác tử nào gửi dữ liệu.', 'No agent has sent anything yet.')
      : both(
          `Không tác tử nào gửi dữ liệu từ ${describeDuration(quietForMs)} nay: không rõ tình trạng thành phố.`,
          `No agent has sent anything for ${describeDuration(quietForMs)}: the state of the city is not known.`,
        );
  return [html`<p>■ ${text}</p>`];
}

function clockNotice({ clock }: Evidence): Html[] {
  if (clock.isAgreed) return [];
  const { machineOffsetMs } = clock;
  const amount = describeDuration(Math.abs(machineOffsetMs));
  const [vi, en] =
    machineOffsetMs === 0
      ? ['khác đồng hồ của đa số tác tử', 'differs from those of most agents']
      : machineOffsetMs > 0
        ? [`nhanh ${amount}`, `is ${amount} ahead`]
        : [`chậm ${amount}`, `is ${amount} behind`];
  return [
    html`<p>
      ■
      ${both(
        `Đồng hồ của máy chủ trung tâm ${vi}: thời gian trên trang này có thể sai.`,
        `The clock of central's machine ${en}: times on this page may be wrong.`,
      )}
    </p>`,
  ];
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
