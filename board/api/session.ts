import { Cell, type Watched } from '../store/cell.ts';
import type { Answers } from './answers.ts';
import type { ApiClient } from './client.ts';
import { ApiProblem } from './problem.ts';

export type Me = Answers['/api/v1/me'];
export type Role = Me['role'];

/** `unknown`: central was not asked yet, or not reached. `over`: there was a session, and it has ended. */
export type SessionState =
  { readonly is: 'unknown' } | { readonly is: 'in'; readonly me: Me } | { readonly is: 'out' | 'over' };

const ROLES = ['viewer', 'operator', 'engineer', 'admin'] as const satisfies readonly Role[];

/** Who works at this browser. */
export class Session {
  readonly #state = new Cell<SessionState>({ is: 'unknown' });

  get state(): Watched<SessionState> {
    return this.#state;
  }

  /** Asks central; rejects with an ApiProblem when that does not answer. */
  async load(client: Pick<ApiClient, 'get'>): Promise<void> {
    try {
      this.enter(await client.get('/api/v1/me'));
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 401)) throw error;
      this.end();
    }
  }

  enter(me: Me): void {
    this.#state.set({ is: 'in', me });
  }

  /** Central knows of no session of this browser. */
  end(): void {
    const { is } = this.#state.get();
    this.#state.set({ is: is === 'in' || is === 'over' ? 'over' : 'out' });
  }
}

/** Whether somebody may do what needs this role. Pure. */
export function mayDo(state: SessionState, needed: Role): boolean {
  if (state.is !== 'in') return false;
  const { role, mayWrite } = state.me;
  return mayWrite && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
