"use client";

import { useEffect, useLayoutEffect } from "react";

/** An effect that comes with the change of the page itself. On a server it is none, of which React would warn. */
export const useEffectInPlace = typeof document === "undefined" ? useEffect : useLayoutEffect;
