"use client";

import { createContext, type ReactElement, type ReactNode, useContext, useEffect } from "react";
import type { TabweaveClient } from "../client/types.js";
import { TabweaveError } from "../errors/error.js";

const ClientContext = createContext<TabweaveClient | undefined>(undefined);

export interface TabweaveProviderProps {
  /** The client, made once by the app; the provider never closes it. */
  readonly client: TabweaveClient;
  readonly children?: ReactNode;
}

/** Gives a client to the hooks below it. */
export function TabweaveProvider({ client, children }: TabweaveProviderProps): ReactElement {
  useEffect(() => client.mount(), [client]);
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/** The client of the nearest provider. */
export function useTabweave(): TabweaveClient {
  const client = useContext(ClientContext);
  if (client === undefined) throw new TabweaveError("provider_missing");
  return client;
}
