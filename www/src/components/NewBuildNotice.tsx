import { useNewBuild } from "../rooms/offlineShell.js";

export function NewBuildNotice() {
  const { waiting, takeOver } = useNewBuild();
  if (!waiting) return null;
  return (
    <div className="notice" role="status">
      <p>A newer version of this page is ready. Nothing that waits to be sent is lost.</p>
      <button type="button" className="button" onClick={takeOver}>
        Use it
      </button>
    </div>
  );
}
