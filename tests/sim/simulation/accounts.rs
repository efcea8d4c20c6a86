//! What was promised about each operation when it was accepted, and what has happened to it since.

use std::collections::BTreeMap;

use tabweave::engine::{OperationId, OperationRequest, Wish};

use super::reports::Told;
use crate::support::value::Value;

/// One call that a page made for an operation.
#[derive(Clone, Debug)]
pub struct Call {
    pub tab: usize,
    pub attempt: u32,
    /// The page was told that it was not applied.
    pub is_known_unapplied: bool,
}

/// The account of one operation.
#[derive(Clone, Debug)]
pub struct Account {
    pub is_repeatable: bool,
    pub is_confirmed_by_key: bool,
    /// The tab that alone may call for it, if it is sensitive.
    pub kept_by: Option<usize>,
    /// Unfinished operations of its scope that its tab knew when it accepted it: they come first.
    pub after: Vec<OperationId>,
    /// How often people asked to have it tried again.
    pub retries_asked: u32,
    /// How often people asked to have it withdrawn, or set aside.
    pub cancels_asked: u32,
    pub calls: Vec<Call>,
    pub times_applied: u32,
    /// Whether something that must not lose it holds it: a journal, or the store.
    pub is_guarded: bool,
    /// A newer build wrote its record in a form that ours cannot read: who never knew it does not know its scope.
    pub was_hidden: bool,
    /// The site's data was cleared since: what was kept about it is gone.
    pub was_wiped: bool,
    /// The operation that took it over.
    pub into: Option<OperationId>,
    /// Who was told how it ended.
    pub told: Told,
}

impl Account {
    /// How often people asked for this.
    pub const fn asked(&mut self, wish: Wish) -> &mut u32 {
        match wish {
            Wish::Retry | Wish::Resolve => &mut self.retries_asked,
            Wish::Cancel | Wish::SetAside | Wish::Resume => &mut self.cancels_asked,
        }
    }
}

/// All operations that were ever accepted.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    pub all: BTreeMap<OperationId, Account>,
}

impl Accounts {
    pub fn open(&mut self, tab: usize, request: &OperationRequest<Value>, after: Vec<OperationId>) {
        let account = Account {
            is_repeatable: request.repeatable,
            is_confirmed_by_key: request.confirmed_by_key,
            kept_by: request.terms.sensitive.then_some(tab),
            after,
            retries_asked: 0,
            cancels_asked: 0,
            calls: Vec::new(),
            times_applied: 0,
            is_guarded: true,
            was_hidden: false,
            was_wiped: false,
            into: None,
            told: Told::default(),
        };
        self.all.insert(request.id, account);
    }

    pub fn of(&mut self, id: OperationId) -> &mut Account {
        self.all.get_mut(&id).expect("only accepted operations travel")
    }

    /// The site's data was cleared: nothing that was kept is kept any more.
    pub fn forget_all(&mut self) {
        for account in self.all.values_mut() {
            account.is_guarded = false;
            account.was_wiped = true;
        }
    }
}
