//! The other tabs, as far as they have made themselves known.

use super::flat::{Map, Set};

use super::bereft::Origins;
use super::ids::{Epoch, Incarnation, TabId};
use super::protocol::PROTOCOL_VERSION;
use super::time::Now;

/// Another tab.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// Its incarnation.
    pub incarnation: Incarnation,
    /// Names of the operations that it can run.
    pub handlers: Set<String>,
    /// Whether a person can see its page.
    pub visible: bool,
    /// The version of the messages that it speaks. Another one than [`PROTOCOL_VERSION`]: no more is known of it.
    pub protocol: u32,
    /// The version of its app; empty if it did not tell.
    pub app: String,
    /// Whether its page is frozen or in the back/forward cache: it may come back, and takes no part until then.
    pub asleep: bool,
}

impl Peer {
    /// A tab of which only the page is known.
    fn sleeper() -> Self {
        Self {
            incarnation: Incarnation(0),
            handlers: Set::new(),
            visible: false,
            protocol: PROTOCOL_VERSION,
            app: String::new(),
            asleep: true,
        }
    }

    /// A tab that speaks another version of the protocol.
    pub(super) fn foreigner(incarnation: Incarnation, protocol: u32) -> Self {
        Self { incarnation, protocol, asleep: false, ..Self::sleeper() }
    }

    const fn takes_part(&self) -> bool {
        !self.asleep && self.protocol == PROTOCOL_VERSION
    }
}

/// Farewells that are remembered: what they overtook arrives soon or never.
const FAREWELLS_MAX: usize = 64;

/// All known peers, and which tab leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Peers {
    known: Map<TabId, Peer>,
    /// Whether a person sees the list of them.
    pub(super) is_watched: bool,
    /// Whether a tab, or a record, of a newer version of the app was seen.
    pub(super) is_outdated: bool,
    /// How often it is being looked who lives, and the tabs heard of since: the answers may be older than they are, and
    /// overtake each other.
    looks: u32,
    heard: Set<TabId>,
    /// The tabs that the last look found to live, but for those that left since. None: nobody has looked since this tab
    /// came to lead.
    seen: Option<Set<TabId>>,
    /// When all were asked to say that they are there, where there is no other way to know, in steady milliseconds.
    asked_ms: Option<u64>,
    /// When this tab last answered who arrived, in steady milliseconds.
    answered_ms: Option<u64>,
    leader: Option<(Epoch, TabId)>,
    pub(super) origins: Origins,
    /// The incarnations that ended with a farewell, in the order in which those were heard.
    farewells: Vec<(TabId, Incarnation)>,
}

impl Peers {
    /// It is being looked who lives.
    pub(super) fn look(&mut self) {
        if self.looks == 0 {
            self.heard.clear();
        }
        self.looks += 1;
    }

    pub(super) const fn is_looking(&self) -> bool {
        self.looks > 0
    }

    /// A look is over, whether it was seen who lives or not.
    pub(super) fn end_look(&mut self) {
        self.looks = self.looks.saturating_sub(1);
    }

    /// How long until who arrives is to be answered, in milliseconds: those that arrive together get one answer.
    pub(super) fn answer_in_ms(&self, now: Now, gather_ms: u64) -> u64 {
        self.answered_ms.map_or(0, |answered_ms| (answered_ms + gather_ms).saturating_sub(now.steady_ms))
    }

    /// Who arrived is answered.
    pub(super) const fn answered(&mut self, now: Now) {
        self.answered_ms = Some(now.steady_ms);
    }

    /// All are asked to say that they are there.
    pub(super) fn ask(&mut self, now: Now) {
        self.asked_ms = Some(now.steady_ms);
        self.heard.clear();
    }

    /// How long ago all were asked, in milliseconds, if nobody has looked at the answers yet.
    pub(super) fn asked_since_ms(&self, now: Now) -> Option<u64> {
        self.asked_ms.map(|asked_ms| now.steady_ms.saturating_sub(asked_ms))
    }

    /// Those that said nothing since they were asked, and those that did. Who speaks another version does not
    /// understand the question.
    pub(super) fn take_answers(&mut self) -> (Vec<TabId>, Set<TabId>) {
        self.asked_ms = None;
        let is_silent =
            |(tab, peer): &(&TabId, &Peer)| peer.protocol == PROTOCOL_VERSION && !self.heard.contains(tab);
        let silent = self.known.iter().filter(is_silent).map(|(tab, _)| *tab).collect();
        self.seen = Some(self.heard.clone());
        (silent, self.heard.clone())
    }

    /// A tab said something.
    pub(super) fn hear(&mut self, tab: TabId) {
        self.heard.insert(tab);
        self.origins.hear(tab);
    }

    /// The tabs that live, as a look found: those that were heard of since it began are among them.
    pub(super) fn found(&mut self, living: &Set<TabId>) -> Set<TabId> {
        self.end_look();
        living.iter().chain(self.heard.iter()).copied().collect()
    }

    /// A peer made itself known. True if something about it is new.
    pub(super) fn meet(&mut self, tab: TabId, peer: Peer) -> bool {
        self.known.insert(tab, peer.clone()) != Some(peer)
    }

    /// A peer said good-bye: this incarnation of it has ended.
    pub(super) fn hear_farewell(&mut self, tab: TabId, incarnation: Incarnation) {
        self.farewells.retain(|(known, _)| *known != tab);
        self.farewells.push((tab, incarnation));
        if self.farewells.len() > FAREWELLS_MAX {
            self.farewells.remove(0);
        }
    }

    /// A peer makes itself known. An engine that was made anew after a crash is of the incarnation that its former one ended.
    pub(super) fn hear_hello(&mut self, tab: TabId, incarnation: Incarnation) {
        self.farewells.retain(|(known, ended)| *known != tab || incarnation < *ended);
    }

    /// Whether a message of this incarnation of a peer was overtaken by its farewell.
    pub(super) fn has_ended(&self, tab: TabId, incarnation: Incarnation) -> bool {
        self.farewells.iter().any(|(known, ended)| *known == tab && incarnation <= *ended)
    }

    /// A peer left, or went to sleep. True if that is news.
    pub(super) fn part(&mut self, tab: TabId, asleep: bool) -> bool {
        self.unfollow(tab);
        self.heard.remove(&tab);
        if let Some(seen) = &mut self.seen {
            seen.remove(&tab);
        }
        if asleep { self.put_to_sleep(tab) } else { self.known.remove(&tab).is_some() }
    }

    fn put_to_sleep(&mut self, tab: TabId) -> bool {
        let known = self.known.entry(tab).or_insert_with(Peer::sleeper);
        let was_awake = !known.asleep;
        known.asleep = true;
        known.visible = false;
        was_awake
    }

    /// Only these tabs take part, and only these pages exist. True if that is news.
    pub(super) fn keep(&mut self, living: &Set<TabId>, pages: &Set<TabId>) -> bool {
        let mut news = false;
        self.seen = Some(living.clone());
        let gone: Vec<_> = self.known.keys().filter(|tab| !living.contains(tab)).copied().collect();
        for tab in gone {
            news |= self.part(tab, pages.contains(&tab)) || !pages.contains(&tab);
        }
        for tab in pages.iter().filter(|tab| !living.contains(*tab)) {
            if !self.known.contains_key(tab) {
                self.put_to_sleep(*tab);
                news = true;
            }
        }
        news
    }

    pub(super) fn forget_all(&mut self) {
        self.known.clear();
        self.heard.clear();
        self.seen = None;
        self.asked_ms = None;
        self.leader = None;
        self.origins.forget_all();
        self.farewells.clear();
    }

    /// A tab says that it leads. A later epoch is believed, an older one is not.
    pub(super) fn follow(&mut self, epoch: Epoch, leader: TabId) -> bool {
        if self.leader.is_some_and(|(known, _)| known > epoch) {
            return false;
        }
        self.leader.replace((epoch, leader)) != Some((epoch, leader))
    }

    /// Epochs count anew: who led under an earlier one means nothing.
    pub(super) const fn forget_leader(&mut self) {
        self.leader = None;
    }

    /// This tab leads no more.
    pub(super) fn unfollow(&mut self, tab: TabId) {
        self.leader = self.leader.filter(|(_, leader)| *leader != tab);
    }

    pub(super) fn leader(&self) -> Option<TabId> {
        self.leader.map(|(_, tab)| tab)
    }

    /// Whether the tab is known and takes part.
    pub(super) fn contains(&self, tab: TabId) -> bool {
        self.known.get(&tab).is_some_and(Peer::takes_part)
    }

    /// This tab comes to lead: what it saw before may be old.
    pub(super) fn look_anew(&mut self) {
        self.seen = None;
    }

    /// Whether the tab surely takes no part any more: a look since this tab came to lead did not find it, or found it and
    /// it said good-bye since.
    pub(super) fn is_gone(&self, tab: TabId) -> bool {
        self.seen.as_ref().is_some_and(|seen| !seen.contains(&tab)) && !self.contains(tab)
    }

    /// Whether the tab is known, though it may sleep, or speak another version.
    pub(super) fn knows(&self, tab: TabId) -> bool {
        self.known.contains_key(&tab)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (TabId, &Peer)> {
        self.known.iter().map(|(tab, peer)| (*tab, peer))
    }

    /// Whether a person sees this tab, and it knows the operation.
    pub(super) fn shows(&self, tab: TabId, name: &str) -> bool {
        self.known
            .get(&tab)
            .is_some_and(|peer| peer.visible && peer.takes_part() && peer.handlers.contains(name))
    }

    /// A peer that a person sees and that knows the operation.
    pub(super) fn in_sight(&self, name: &str) -> Option<TabId> {
        self.known.keys().copied().find(|tab| self.shows(*tab, name))
    }

    /// Whether the tab takes part and can run the operation.
    pub(super) fn can_run(&self, tab: TabId, name: &str) -> bool {
        self.known.get(&tab).is_some_and(|peer| peer.takes_part() && peer.handlers.contains(name))
    }

    /// A peer that can run the operation; rather one that a person looks at, for it is not throttled.
    pub(super) fn runner(&self, name: &str) -> Option<TabId> {
        let able = |peer: &Peer| peer.takes_part() && peer.handlers.contains(name);
        let mut able = self.known.iter().filter(|(_, peer)| able(peer));
        let first = able.clone().next();
        able.find(|(_, peer)| peer.visible).or(first).map(|(tab, _)| *tab)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAB: TabId = TabId::from_bytes([7; 16]);

    fn awake() -> Peer {
        Peer { asleep: false, visible: true, ..Peer::sleeper() }
    }

    #[test]
    fn a_tab_whose_page_exists_is_asleep_and_not_gone() {
        let mut peers = Peers::default();
        peers.meet(TAB, awake());
        peers.follow(Epoch(1), TAB);
        let pages: Set<_> = [TAB].into_iter().collect();
        assert!(peers.keep(&Set::new(), &pages));
        assert_eq!((peers.contains(TAB), peers.iter().count(), peers.leader()), (false, 1, None));
        assert!(!peers.keep(&Set::new(), &pages));
        assert!(peers.keep(&Set::new(), &Set::new()));
        assert_eq!(peers.iter().count(), 0);
    }

    #[test]
    fn who_came_while_it_was_looked_who_lives_is_not_taken_for_gone() {
        let mut peers = Peers::default();
        peers.look();
        peers.hear(TAB);
        let living = peers.found(&Set::new());
        assert!(living.contains(&TAB));
        peers.look();
        assert!(peers.found(&Set::new()).is_empty());
    }

    #[test]
    fn an_answer_that_another_has_overtaken_drops_nobody_who_came_since_it_was_asked_for() {
        let mut peers = Peers::default();
        peers.look();
        peers.hear(TAB);
        peers.look();
        assert!(peers.found(&[TAB].into_iter().collect()).contains(&TAB));
        peers.look();
        assert!(peers.found(&Set::new()).contains(&TAB));
        peers.end_look();
        peers.look();
        assert!(peers.found(&Set::new()).is_empty());
    }

    #[test]
    fn a_sleeping_page_is_seen_by_a_tab_that_opened_later() {
        let mut peers = Peers::default();
        assert!(peers.keep(&Set::new(), &[TAB].into_iter().collect()));
        assert!(peers.iter().all(|(_, peer)| peer.asleep));
    }
}
