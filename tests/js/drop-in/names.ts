/**
 * What apps call that have the five modules of their own whose place `tabweave/live-interaction/…` takes: for each
 * module the values it exports, its types, and the members that they are used by.
 */
export const NAMES = {
  LiveInteractionContext: {
    values: [
      "LiveInteractionProvider",
      "useLiveInteraction",
      "useOptimisticUpdates",
      "useLiveInteractionStatus",
    ],
    types: [],
    members: {
      useLiveInteraction: [
        ...["state", "setCurrentInteraction", "clearCurrentInteraction", "refreshInteractions"],
        ...["optimisticUpdate", "rollbackUpdate", "dispatch", "batchDispatch", "addOptimisticUpdate"],
        ...["removeOptimisticUpdate", "getOptimisticData", "retrySync", "clearError", "resolveConflict"],
        ...["getPerformanceMetrics", "isDataStale"],
      ],
      "useLiveInteraction().state": [
        ...[
          "activeInteractions",
          "currentInteractionId",
          "currentCampaignId",
          "isLoading",
          "error",
          "lastUpdate",
        ],
        ...[
          "optimisticUpdates",
          "pendingActions",
          "initiativeOrder",
          "participants",
          "isOnline",
          "syncStatus",
        ],
        ...["realTimeData", "conflictResolution", "performance"],
      ],
      useOptimisticUpdates: ["optimisticUpdate", "rollbackUpdate", "getOptimisticData", "handleConflict"],
      useLiveInteractionStatus: [
        ...["isOnline", "syncStatus", "lastUpdate", "hasError", "error", "isLoading", "hasConflict"],
        ...["performance", "isDataStale", "realTimeData"],
      ],
      "dispatch().type": [
        ...[
          "SET_ACTIVE_INTERACTIONS",
          "SET_CURRENT_INTERACTION",
          "SET_LOADING",
          "SET_ERROR",
          "SET_PARTICIPANTS",
        ],
        ...["SET_INITIATIVE_ORDER", "SET_PENDING_ACTIONS", "SET_ONLINE_STATUS", "SET_SYNC_STATUS"],
        ...["ADD_OPTIMISTIC_UPDATE", "REMOVE_OPTIMISTIC_UPDATE", "REFRESH_DATA", "CLEAR_ERROR"],
        ...["SET_REAL_TIME_DATA", "SET_CONFLICT", "UPDATE_PERFORMANCE", "BATCH_UPDATE"],
      ],
    },
  },
  useLiveInteractionNotifications: {
    values: ["useLiveInteractionNotifications"],
    types: [],
    members: {
      useLiveInteractionNotifications: [
        ...[
          "isOnline",
          "syncStatus",
          "broadcastUpdate",
          "syncAcrossTabs",
          "createNotification",
          "offlineQueue",
        ],
        ...["requestNotificationPermission", "showNotification", "processOfflineQueue", "hasOfflineActions"],
        ...["lastSyncTime", "notificationCount"],
      ],
      props: ["interactionId", "userId", "isDM", "enableNotifications"],
      "broadcastUpdate().type": [
        ...["turn-change", "status-change", "action-submitted", "action-resolved", "participant-change"],
      ],
      "showNotification().type": [
        ...["turn-notification", "action-notification", "status-notification", "participant-notification"],
        ...["sync-notification", "error-notification"],
      ],
    },
  },
  errorRecovery: {
    values: [
      ...["ErrorType", "ErrorSeverity", "classifyError", "calculateBackoffDelay", "retryWithBackoff"],
      ...["offlineActionQueue", "ErrorRecoveryManager", "errorRecoveryManager", "useErrorRecovery"],
    ],
    types: ["ErrorClassification", "RetryConfig", "OfflineAction", "ErrorRecoveryState"],
    members: {
      ErrorType: [
        ...[
          "NETWORK",
          "AUTHENTICATION",
          "AUTHORIZATION",
          "VALIDATION",
          "CONFLICT",
          "SERVER",
          "TIMEOUT",
          "UNKNOWN",
        ],
      ],
      ErrorSeverity: ["LOW", "MEDIUM", "HIGH", "CRITICAL"],
      ErrorClassification: ["type", "severity", "retryable", "message", "originalError"],
      RetryConfig: ["maxRetries", "baseDelay", "maxDelay", "backoffMultiplier", "timeout"],
      OfflineAction: ["id", "type", "interactionId", "data", "timestamp", "retryCount", "priority"],
      ErrorRecoveryState: [
        ...[
          "isOnline",
          "hasOfflineActions",
          "offlineActionCount",
          "lastSyncTime",
          "syncStatus",
          "errorHistory",
        ],
      ],
      offlineActionQueue: [
        ...["addAction", "removeAction", "getActions", "getActionsByPriority", "clearQueue", "getQueueStats"],
      ],
      errorRecoveryManager: [
        ...[
          "executeWithRetry",
          "retryPendingOperations",
          "getPendingOperationsCount",
          "clearPendingOperations",
        ],
        ...["handleError", "addOfflineAction", "processOfflineQueue", "getState", "addListener"],
        ...["clearErrorHistory"],
      ],
      useErrorRecovery: [
        ...[
          "isOnline",
          "hasOfflineActions",
          "offlineActionCount",
          "lastSyncTime",
          "syncStatus",
          "errorHistory",
        ],
        ...[
          "handleError",
          "addOfflineAction",
          "processOfflineQueue",
          "clearErrorHistory",
          "retryWithBackoff",
        ],
        ...["classifyError", "executeWithRetry", "retryPendingOperations", "getPendingOperationsCount"],
        ...["clearPendingOperations"],
      ],
    },
  },
  conflictResolution: {
    values: [
      ...["ConflictType", "ConflictSeverity", "ConflictResolutionManager", "conflictResolutionManager"],
      ...["createStatusConflict", "createInitiativeConflict", "createParticipantConflict"],
      ...["useConflictResolution"],
    ],
    types: ["Conflict", "ConflictResolution", "MergeStrategy", "ConflictDetectionResult"],
    members: {
      ConflictType: [
        ...[
          "STATUS_UPDATE",
          "INITIATIVE_CHANGE",
          "PARTICIPANT_ADD",
          "PARTICIPANT_REMOVE",
          "ACTION_SUBMISSION",
        ],
        ...["ACTION_RESOLUTION", "CUSTOM"],
      ],
      ConflictSeverity: ["LOW", "MEDIUM", "HIGH", "CRITICAL"],
      Conflict: [
        ...[
          "id",
          "type",
          "severity",
          "interactionId",
          "serverState",
          "clientState",
          "timestamp",
          "description",
        ],
        ...["autoResolvable", "resolved", "resolution"],
      ],
      ConflictResolution: ["method", "timestamp", "userId", "notes", "mergedState"],
      MergeStrategy: ["name", "description", "canMerge", "merge", "priority"],
      ConflictDetectionResult: ["hasConflict", "conflicts", "autoResolved", "requiresManualResolution"],
      conflictResolutionManager: [
        ...[
          "registerMergeStrategy",
          "detectConflict",
          "resolveConflict",
          "getConflict",
          "getActiveConflicts",
        ],
        ...["getResolvedConflicts", "clearResolvedConflicts", "getAuditLog", "getConflictStats"],
      ],
      useConflictResolution: [
        ...["activeConflicts", "stats", "resolveConflict", "getConflict", "clearResolvedConflicts"],
        ...["getAuditLog", "createStatusConflict", "createInitiativeConflict", "createParticipantConflict"],
      ],
    },
  },
  ErrorBoundary: {
    values: [
      ...["default", "ErrorBoundary", "withErrorBoundary", "useErrorHandler", "useErrorBoundary"],
      ...["NetworkErrorBoundary", "AuthenticationErrorBoundary"],
    ],
    types: [],
    members: {
      props: [
        ...[
          "children",
          "fallback",
          "onError",
          "retryLimit",
          "retryDelay",
          "context",
          "showDetails",
          "autoRetry",
        ],
        ...["errorReporting"],
      ],
      useErrorBoundary: [
        ...["error", "errorInfo", "hasError", "handleError", "clearError", "showBoundary", "resetBoundary"],
      ],
    },
  },
} as const;

/** The modules that exist and are held to their names. All others are to come, and must not exist. */
export const CHECKED = ["conflictResolution", "errorRecovery"] as const;

export type ModuleName = keyof typeof NAMES;
export type CheckedModule = (typeof CHECKED)[number];
/** The values that a module has to export. */
export type Values<Name extends ModuleName> = (typeof NAMES)[Name]["values"][number];
/** The members that something of a module has to have. */
export type Members<
  Name extends ModuleName,
  Of extends keyof (typeof NAMES)[Name]["members"],
> = (typeof NAMES)[Name]["members"][Of] extends readonly (infer Member)[] ? Member : never;
