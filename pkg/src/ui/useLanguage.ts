"use client";

import { useSyncExternalStore } from "react";
import { useLocale } from "react-aria/I18nProvider";

const never = () => () => {};

/** The language to write in: the one that is asked for, or the page's, or the browser's. */
export function useLanguage(wanted: string | undefined): string {
  const { locale } = useLocale();
  const page = useSyncExternalStore(never, pageLanguage, () => undefined);
  return wanted ?? page ?? locale;
}

function pageLanguage(): string | undefined {
  const { lang } = document.documentElement;
  try {
    // Anything can stand there, and formatters throw at what is no language.
    return Intl.getCanonicalLocales(lang || [])[0];
  } catch {
    return undefined;
  }
}
