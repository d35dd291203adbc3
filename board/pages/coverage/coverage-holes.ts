import type { Answers } from '../../api/answers.ts';
import { LEAST_SAMPLES } from './coverage-part.ts';

type Item = Answers['/api/v1/coverage']['items'][number];

/** Where there were enough samples and none of them reached the minimum. */
export interface Hole {
  readonly unit: string;
  readonly name: string;
  readonly operator: string | undefined;
  /** Of one technology alone; undefined: of all that the operator has there. */
  readonly rat: string | undefined;
  readonly samples: number;
}

/** Only of these a level is compared with the minimum: 3G and 2G are never covered, which is no hole of theirs. */
const COMPARED: readonly string[] = ['nr', 'nrnsa', 'lte', 'lte_ca'];

/** Of what was chosen ('' for all). Too few samples are no hole: nobody can say. Pure. */
export function holesOf(items: readonly Item[], chosenOperator: string, chosenRat: string): Hole[] {
  return items.flatMap(({ unit, name, operators }) =>
    operators
      .filter(({ operator }) => chosenOperator === '' || operator === chosenOperator)
      .flatMap(({ operator, rats, ...all }): Hole[] => {
        if (chosenRat === '' && isHole(all))
          return [{ unit, name, operator, rat: undefined, samples: all.samples }];
        return rats
          .filter(
            (each) =>
              COMPARED.includes(each.rat ?? '') &&
              (chosenRat === '' || each.rat === chosenRat) &&
              isHole(each),
          )
          .map(({ rat, samples }) => ({ unit, name, operator, rat, samples }));
      }),
  );
}

function isHole({ samples, coveredSamples }: Pick<Item, 'samples' | 'coveredSamples'>): boolean {
  return samples >= LEAST_SAMPLES && coveredSamples === 0;
}
