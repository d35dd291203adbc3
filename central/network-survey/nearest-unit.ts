export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

const KM_A_DEGREE = 111.2;
/** The communes at the sea are large; what is farther from every centre is another city. */
export const MAX_DISTANCE_KM = 20;

/** The unit whose centre is nearest; undefined: none within 20 km. The inventory has centres and no boundaries. Pure. */
export function nearestUnit<Unit extends Place>(units: Iterable<Unit>, place: Place): Unit | undefined {
  let nearest: Unit | undefined;
  let leastKm = MAX_DISTANCE_KM;
  for (const unit of units) {
    const km = distanceKm(unit, place);
    if (km > leastKm) continue;
    leastKm = km;
    nearest = unit;
  }
  return nearest;
}

/** On a plane, which within a city differs by a few metres. */
function distanceKm(a: Place, b: Place): number {
  const north = a.latitude - b.latitude;
  const east = (a.longitude - b.longitude) * Math.cos((a.latitude * Math.PI) / 180);
  return KM_A_DEGREE * Math.hypot(north, east);
}
