// A component as apps have it that come from a module of their own: nothing but its import line was changed.
import type { GenericId } from "convex/values";
import { type ReactElement, useState } from "react";
import {
  calculateBackoffDelay,
  classifyError,
  type ErrorRecoveryState,
  errorRecoveryManager,
  type OfflineAction,
  offlineActionQueue,
  type RetryConfig,
  retryWithBackoff,
  useErrorRecovery,
} from "tabweave/live-interaction/errorRecovery";

type Id = GenericId<"interactions">;

const slow: RetryConfig = {
  maxRetries: 5,
  baseDelay: 500,
  maxDelay: 10_000,
  backoffMultiplier: 1.5,
  timeout: 4000,
};

interface OfflineActionsProps {
  interactionId: Id;
  refresh: () => Promise<string[]>;
  open: (id: Id) => void;
}

function labelOf(action: OfflineAction): string {
  // Open data is read as it was written.
  return `${action.type}: ${action.data.text.toUpperCase()} (${action.priority}, ${action.retryCount})`;
}

export function OfflineActions({ interactionId, refresh, open }: OfflineActionsProps): ReactElement {
  const {
    hasOfflineActions,
    offlineActionCount,
    syncStatus,
    lastSyncTime,
    addOfflineAction,
    processOfflineQueue,
  } = useErrorRecovery();
  const [lines, setLines] = useState<string[]>([]);
  const [failure, setFailure] = useState<string | null>(null);

  const submit = () => {
    const id: string = addOfflineAction({
      type: "submitAction",
      interactionId,
      data: { text: "attack" },
      priority: "high",
    });
    setLines([...lines, id]);
  };
  const reload = async () => {
    try {
      setLines(await retryWithBackoff(refresh, { ...slow, maxRetries: 2 }));
    } catch (error) {
      setFailure(`${classifyError(error).message} (${calculateBackoffDelay(0, slow)} ms)`);
    }
  };
  const first = offlineActionQueue.getActions()[0];
  const { total, byPriority } = offlineActionQueue.getQueueStats();

  return (
    <section>
      <p>
        {syncStatus === "syncing" ? "Saving" : "Saved"} {new Date(lastSyncTime).toLocaleTimeString()}
      </p>
      {hasOfflineActions && <p>{`${offlineActionCount} of ${total}, ${byPriority.critical} critical`}</p>}
      {first && (
        <button type="button" onClick={() => open(first.interactionId)}>
          {labelOf(first)}
        </button>
      )}
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {failure}
      <button type="button" onClick={submit}>
        Submit
      </button>
      <button type="button" onClick={reload}>
        Reload
      </button>
      <button type="button" onClick={() => processOfflineQueue()}>
        Send now
      </button>
    </section>
  );
}

/** Outside of components. */
export function watchErrors(log: (state: ErrorRecoveryState) => void): () => void {
  const stop = errorRecoveryManager.addListener(log);
  return () => {
    stop();
    errorRecoveryManager.clearPendingOperations();
  };
}
