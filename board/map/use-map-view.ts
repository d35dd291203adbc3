import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Point } from './cells.ts';
import type { Box } from './project.ts';
import { moveBox, zoomBox, zoomOf } from './view-box.ts';

const WHEEL_STEP = 1.25;
/** A press that moves further than this many pixels is no click. */
const DRAG_PX = 4;

/** Which part of a map is shown: wheel and buttons zoom, dragging moves once it is near. */
export function useMapView(element: RefObject<SVGSVGElement | null>, whole: Box) {
  const [shown, setShown] = useState(whole);
  const drag = useRef<{ readonly from: Point; readonly box: Box; isMoved: boolean } | undefined>(undefined);
  useEffect(() => setShown(whole), [whole]);
  const kmOf = (event: MouseEvent): Point | undefined => {
    const matrix = element.current?.getScreenCTM()?.inverse();
    return matrix === undefined
      ? undefined
      : new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  };
  useEffect(() => {
    const svg = element.current;
    const onWheel = (event: WheelEvent): void => {
      const around = kmOf(event);
      if (around === undefined) return;
      event.preventDefault();
      const factor = event.deltaY < 0 ? WHEEL_STEP : 1 / WHEEL_STEP;
      setShown((box) => zoomBox(box, whole, factor, around));
    };
    svg?.addEventListener('wheel', onWheel, { passive: false });
    return () => svg?.removeEventListener('wheel', onWheel);
  }, [element, whole]);
  const isNear = zoomOf(shown, whole) > 1.01;
  const zoomAt = (factor: number, around: Point): void =>
    setShown((box) => zoomBox(box, whole, factor, around));
  return {
    shown,
    isNear,
    zoomAt,
    zoom: (factor: number) => zoomAt(factor, { x: shown.x + shown.width / 2, y: shown.y + shown.height / 2 }),
    reset: () => setShown(whole),
    onPointerDown: (event: PointerEvent) => {
      const from = kmOf(event);
      if (isNear && from !== undefined) drag.current = { from, box: shown, isMoved: false };
    },
    onPointerMove: (event: PointerEvent) => {
      const { current } = drag;
      const matrix = element.current?.getScreenCTM();
      if (current === undefined || matrix === null || matrix === undefined) return;
      const at = kmOf(event);
      if (at === undefined) return;
      // The point under the pointer stays under it: `at` is by what is shown now, `from` as well.
      const by = { x: current.from.x - at.x, y: current.from.y - at.y };
      if (!current.isMoved && Math.hypot(by.x, by.y) * matrix.a < DRAG_PX) return;
      current.isMoved = true;
      element.current?.setPointerCapture(event.pointerId);
      setShown((box) => moveBox(box, whole, by));
    },
    onPointerUp: () => {
      drag.current = undefined;
    },
  };
}
