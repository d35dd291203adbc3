import { Store } from 'mqtt';

/** Keeps nothing: batches are sent again from the queue on disk, never from MQTT.js's memory. */
export class ForgetfulStore extends Store {
  override put(...[, done]: Parameters<Store['put']>): this {
    done();
    return this;
  }

  override del(...[, done]: Parameters<Store['del']>): this {
    done();
    return this;
  }
}
