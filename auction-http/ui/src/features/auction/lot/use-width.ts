/** How wide an element is, in CSS pixels; 0 until it is laid out. */
import { type RefObject, useLayoutEffect, useState } from "react";

export function useWidth(element: RefObject<Element | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return;
    setWidth(Math.floor(measured.getBoundingClientRect().width));
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
