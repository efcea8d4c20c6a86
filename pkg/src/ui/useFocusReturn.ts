"use client";

import { type RefObject, useEffect, useLayoutEffect } from "react";

/** Before the element is taken out of the page, while the focus is still in it. React warns of it on servers. */
const useEffectInPlace = typeof document === "undefined" ? useEffect : useLayoutEffect;

/** Gives the focus back, when an element with the focus in it goes away, to what had it when the element came. */
export function useFocusReturn(root: RefObject<HTMLElement | null>): void {
  useEffectInPlace(() => {
    const element = root.current;
    const before = document.activeElement;
    return () => {
      if (!element?.contains(document.activeElement) || element.contains(before)) return;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [root]);
}
