"use client";

import type { RefObject } from "react";
import { useEffectInPlace } from "./useEffectInPlace.js";

/** Gives the focus back, when an element with the focus in it goes away, to what had it when the element came. */
export function useFocusReturn(root: RefObject<HTMLElement | null>): void {
  useEffectInPlace(() => {
    const element = root.current;
    const before = document.activeElement;
    // The element is still in the page, and the focus in it.
    return () => {
      if (!element?.contains(document.activeElement) || element.contains(before)) return;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [root]);
}
