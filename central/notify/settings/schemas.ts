import { channelKinds } from '../channels/index.ts';
import { routesSchema } from './routes-settings.ts';

/** Of each file that stands in the directory of channels. */
export const notifySchemas = [routesSchema, ...channelKinds.map(({ settingsSchema }) => settingsSchema)];
