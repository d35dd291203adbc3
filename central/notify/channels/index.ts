import { alertmanagerKind } from './alertmanager.ts';
import type { ChannelKind } from './channel-kind.ts';
import { emailKind } from './email.ts';
import { execKind } from './exec.ts';
import { webhookKind } from './webhook.ts';

/** Every kind of channel. A new one is a file and a line here. */
export const channelKinds: readonly ChannelKind[] = [alertmanagerKind, emailKind, execKind, webhookKind];
