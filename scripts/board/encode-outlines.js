/**
 * Outlines of units as short texts: a ring is its corners as steps on a grid, each step two numbers in the encoding of Google's
 * "Encoded Polyline Algorithm Format" (zigzag, five bits a character); rings are parted by `;`. Corners are put onto the grid, so that
 * neighbours which share a border share it afterwards. `stepDegrees`: of the grid, in longitude and latitude. Rings that shrink to
 * nothing are left out; of a unit the largest stays. Pure.
 */
export function encodeOutlines(collection, stepDegrees) {
  return Object.fromEntries(
    collection.features.map(({ properties, geometry }) => {
      const polygons = geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates];
      const rings = polygons
        .flat()
        .map((ring) => ontoGrid(ring, stepDegrees))
        .filter((ring) => ring.length >= 3);
      if (rings.length === 0)
        throw new Error(`the unit ${properties.code} is smaller than a step of the grid`);
      return [properties.code, rings.map(encodeRing).join(';')];
    }),
  );
}

/** Without its closing corner, corners that fell together, and those on a straight line between their neighbours. */
function ontoGrid(ring, stepDegrees) {
  const points = ring
    .slice(0, -1)
    .map((corner) => corner.map((degrees) => Math.round(degrees / stepDegrees)));
  const apart = points.filter(([x, y], at) => {
    const [lastX, lastY] = points.at(at - 1);
    return x !== lastX || y !== lastY;
  });
  return apart.filter((point, at) => !isBetween(apart.at(at - 1), point, apart[(at + 1) % apart.length]));
}

/** Neighbours judge the same three corners, so that both leave out the same one. */
function isBetween([ax, ay], [x, y], [bx, by]) {
  const isOnLine = (x - ax) * (by - y) === (y - ay) * (bx - x);
  return isOnLine && (x - ax) * (bx - x) >= 0 && (y - ay) * (by - y) >= 0;
}

function encodeRing(ring) {
  let [lastX, lastY] = [0, 0];
  return ring
    .map(([x, y]) => {
      const text = encodeNumber(x - lastX) + encodeNumber(y - lastY);
      [lastX, lastY] = [x, y];
      return text;
    })
    .join('');
}

function encodeNumber(value) {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let text = '';
  for (; rest >= 32; rest = Math.floor(rest / 32)) text += String.fromCharCode((rest % 32) + 32 + 63);
  return text + String.fromCharCode(rest + 63);
}
