"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { MutationHandle, TabweaveClient } from "../client/types.js";
import type { DocumentChange, Edit } from "../definition/edit.js";
import type { CallOptions, MutationArguments, Operation } from "../definition/operation.js";
import type { Definition } from "../definition/parts.js";
import type { TabweaveError } from "../errors/error.js";
import { useTabweave } from "./provider.js";

/** How the last call of this component goes. */
export interface OperationControl<Call extends readonly unknown[], Result> {
  /** Records the operation; how it ends is told by `status`. Never throws. */
  readonly mutate: (...call: Call) => MutationHandle<Result>;
  /** Records the operation and resolves with what the server answers; rejects with a TabweaveError. */
  readonly mutateAsync: (...call: Call) => Promise<Result>;
  readonly status: "idle" | "pending" | "success" | "error";
  readonly error: TabweaveError | undefined;
  readonly data: Result | undefined;
  /** Tries the last call again if it is dead or parked; true if it could be. */
  readonly retry: () => boolean;
  /** Withdraws the last call if it is not on its way; true if it could be. */
  readonly cancel: () => boolean;
  /** Forgets the last call; the operation itself goes on. */
  readonly reset: () => void;
}

type Progress<Result> = Pick<OperationControl<never, Result>, "status" | "error" | "data">;

const IDLE = { status: "idle", error: undefined, data: undefined } as const;
const UNDERWAY = { ...IDLE, status: "pending" } as const;

/** Calls an operation or an edit and follows the last call. */
export function useOperation<Args, Result>(
  operation: Operation<Args, Result>,
): OperationControl<MutationArguments<Args>, Result>;
export function useOperation<Document extends object, Args, Result>(
  edit: Edit<Document, Args, Result>,
): OperationControl<[change: DocumentChange<Document, Args>, options?: CallOptions], Result>;
export function useOperation(definition: Definition): OperationControl<MutationArguments<unknown>, unknown> {
  const client = useTabweave();
  const [progress, setProgress] = useState<Progress<unknown>>(IDLE);
  const latest = useRef<string | undefined>(undefined);

  const mutate = useCallback(
    (...call: MutationArguments<unknown>) => {
      // The overloads have checked what this definition is called with.
      const handle = client.mutate(definition as Operation<unknown, unknown>, ...call);
      latest.current = handle.id;
      setProgress(UNDERWAY);
      follow(handle, (next) => latest.current === handle.id && setProgress(next));
      return handle;
    },
    [client, definition],
  );
  useEffect(() => listenToRetries(client, latest, setProgress), [client]);
  const reset = useCallback(() => {
    latest.current = undefined;
    setProgress(IDLE);
  }, []);
  useEffect(() => listenToIdentity(client, reset), [client, reset]);

  const controls = useMemo(
    () => ({
      mutate,
      mutateAsync: (...call: MutationArguments<unknown>) => mutate(...call).settled,
      retry: () => {
        const retried = latest.current !== undefined && client.retry(latest.current);
        if (retried) setProgress(UNDERWAY);
        return retried;
      },
      cancel: () => latest.current !== undefined && client.cancel(latest.current),
      reset,
    }),
    [client, mutate, reset],
  );
  return useMemo(() => ({ ...controls, ...progress }), [controls, progress]);
}

/** What one person's call came to is not shown to the next: every identity has another tab. */
function listenToIdentity(client: TabweaveClient, forget: () => void): () => void {
  let { tab } = client;
  return client.connectivity.subscribe(() => {
    if (tab === client.tab) return;
    tab = client.tab;
    forget();
  });
}

function follow(handle: MutationHandle<unknown>, tell: (progress: Progress<unknown>) => void): void {
  handle.settled.then(
    (data) => tell({ status: "success", error: undefined, data }),
    (error: TabweaveError) => tell({ status: "error", error, data: undefined }),
  );
}

/** A handle settles once; what becomes of a dead operation that is tried again is told by the client. */
function listenToRetries(
  client: TabweaveClient,
  latest: { readonly current: string | undefined },
  tell: (progress: Progress<unknown>) => void,
): () => void {
  return client.onSettledAnywhere(({ id, state, result, error, mergedInto }) => {
    // Its promises tell how the operation ends that does what it was to do, too.
    if (id !== latest.current || mergedInto !== undefined) return;
    if (state === "done") tell({ status: "success", error: undefined, data: result });
    else tell({ status: "error", error, data: undefined });
  });
}
