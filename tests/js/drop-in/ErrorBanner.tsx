// A component as apps have it that come from a module of their own: nothing but its import line was changed.
import { type ReactElement, useEffect, useState } from "react";
import {
  type ErrorClassification,
  ErrorSeverity,
  ErrorType,
  useErrorRecovery,
} from "tabweave/live-interaction/errorRecovery";

interface ErrorBannerProps {
  error: Error | null;
  onSignIn: () => void;
}

export function ErrorBanner({ error, onSignIn }: ErrorBannerProps): ReactElement | null {
  const { isOnline, errorHistory, handleError, clearErrorHistory, retryPendingOperations } =
    useErrorRecovery();
  const [shown, setShown] = useState<ErrorClassification | null>(null);

  useEffect(() => {
    if (error) handleError(error, { component: "ErrorBanner" }).then(setShown);
  }, [error, handleError]);

  if (!isOnline) return <p role="status">You are offline</p>;
  if (!shown || shown.severity === ErrorSeverity.LOW) return null;
  const latest: ErrorClassification | undefined = errorHistory[errorHistory.length - 1];
  return (
    <div role="alert">
      <p>{shown.message}</p>
      {latest && latest !== shown && <small>{latest.originalError.message}</small>}
      {shown.type === ErrorType.AUTHENTICATION ? (
        <button type="button" onClick={onSignIn}>
          Sign in
        </button>
      ) : (
        <button type="button" disabled={!shown.retryable} onClick={() => retryPendingOperations()}>
          Retry
        </button>
      )}
      <button type="button" onClick={clearErrorHistory}>
        Dismiss
      </button>
    </div>
  );
}
