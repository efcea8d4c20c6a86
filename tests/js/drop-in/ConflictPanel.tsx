// A component as apps have it that come from a module of their own: nothing but its import line was changed.
import type { GenericId } from "convex/values";
import { type ReactElement, useEffect, useState } from "react";
import {
  type Conflict,
  type ConflictDetectionResult,
  type ConflictResolution,
  ConflictSeverity,
  ConflictType,
  conflictResolutionManager,
  type MergeStrategy,
  useConflictResolution,
} from "tabweave/live-interaction/conflictResolution";

type Id = GenericId<"interactions">;

interface Interaction {
  _id: Id;
  status: string;
  participants: { entityId: string; hitPoints: number }[];
}

const keepTheWounded: MergeStrategy = {
  name: "keep-the-wounded",
  description: "Of two hit points the lower ones count",
  priority: 10,
  canMerge: (server, client) => server.participants.length === client.participants.length,
  merge: (server: Interaction, client: Interaction) => ({
    ...server,
    participants: server.participants.map((participant, index) => ({
      ...participant,
      hitPoints: Math.min(participant.hitPoints, client.participants[index]?.hitPoints ?? 0),
    })),
  }),
};

conflictResolutionManager.registerMergeStrategy(ConflictType.CUSTOM, keepTheWounded);

interface ConflictPanelProps {
  userId: string;
  server: Interaction;
  client: Interaction | null;
  open: (id: Id) => void;
  apply: (state: Interaction) => void;
}

function colourOf({ severity }: Conflict): string {
  return severity === ConflictSeverity.CRITICAL || severity === ConflictSeverity.HIGH ? "red" : "grey";
}

export function ConflictPanel({ userId, server, client, open, apply }: ConflictPanelProps): ReactElement {
  const {
    activeConflicts,
    stats,
    resolveConflict,
    getConflict,
    clearResolvedConflicts,
    getAuditLog,
    createStatusConflict,
    createInitiativeConflict,
    createParticipantConflict,
  } = useConflictResolution();
  const [notes, setNotes] = useState("");

  useEffect(() => {
    if (!client) return;
    const result: ConflictDetectionResult = createStatusConflict(server._id, server, client);
    if (result.autoResolved) apply(result.conflicts[0]?.resolution?.mergedState);
    createParticipantConflict(
      server._id,
      server.participants,
      client.participants,
      ConflictType.PARTICIPANT_REMOVE,
    );
    createInitiativeConflict(server._id, server.participants, client.participants);
  }, [server, client, apply, createStatusConflict, createInitiativeConflict, createParticipantConflict]);

  const decide = (conflict: Conflict, method: ConflictResolution["method"]) => {
    const taken: boolean = resolveConflict(conflict.id, method, userId, notes);
    if (taken) apply(getConflict(conflict.id)?.resolution?.mergedState);
  };
  return (
    <section>
      <h2>{`${stats.active} of ${stats.total}, ${stats.byType[ConflictType.STATUS_UPDATE]} about the status`}</h2>
      {activeConflicts.map((conflict) => (
        <article key={conflict.id} style={{ color: colourOf(conflict) }}>
          <button type="button" onClick={() => open(conflict.interactionId)}>
            {conflict.description}
          </button>
          <p>{`${conflict.serverState.status.toUpperCase()} or ${conflict.clientState.status}`}</p>
          {(["server", "client", "merge"] as const).map((method) => (
            <button key={method} type="button" onClick={() => decide(conflict, method)}>
              {method}
            </button>
          ))}
        </article>
      ))}
      <input value={notes} onChange={({ target }) => setNotes(target.value)} />
      <ul>
        {getAuditLog(10).map(({ timestamp, action, details }) => (
          <li key={timestamp}>{`${action} ${details.conflictId}`}</li>
        ))}
      </ul>
      <button type="button" onClick={clearResolvedConflicts}>
        Clear
      </button>
    </section>
  );
}

/** Outside of components. */
export function compare(id: Id, server: unknown, client: unknown): Conflict[] {
  const { hasConflict, conflicts } = conflictResolutionManager.detectConflict(
    id,
    server,
    client,
    ConflictType.ACTION_SUBMISSION,
  );
  return hasConflict ? conflicts : conflictResolutionManager.getResolvedConflicts(id);
}
