//! From every world that was found, the faults end and everything that happens by itself happens, in one fixed order,
//! until nothing is left to happen: then everybody must agree. A healing that comes to a world which an earlier one
//! has passed goes on like that one, and needs no repeating.

use super::laws::{Verdict, Violation, ensure};
use super::minds::Input;
use super::mix::{Lookup, Print};
use super::stage::Stage;
use super::steps::Step;
use super::world::{Page, Tab, World};

/// Steps in which a world must come to rest.
const STEPS_MAX: usize = 600;

/// Worlds from which healing is known to succeed.
#[derive(Debug, Default)]
pub struct Healed {
    passed: Lookup<Print, ()>,
    /// Healings that were begun, and steps that were taken in all.
    pub begun: u64,
    pub steps: u64,
}

impl Stage {
    /// Ends the faults and checks that everything comes right.
    pub fn heal(&mut self, mut world: World, healed: &mut Healed) -> Verdict {
        let mut path = Vec::new();
        healed.begun += 1;
        self.note(|| "---- everything heals".to_owned());
        world.faults_left = 0;
        for tab in world.places() {
            match world.tab(tab).page {
                Page::Frozen => self.take(&mut world, Step::Thaw { tab })?,
                Page::Asleep => self.take(&mut world, Step::Wake { tab })?,
                _ => {}
            }
        }
        if !world.tabs.iter().any(Tab::is_there) {
            self.open_another(&mut world)?;
        }
        if self.rest(&mut world, &mut path, healed)? {
            if !world.is_lossy {
                self.check_agreement(&world)?;
            }
            // News that was lost is noticed with the next.
            let speaker = world.places().find(|tab| world.tab(*tab).is_awake());
            self.note(|| "---- something else is published".to_owned());
            world.now += 1;
            self.tell(&mut world, speaker.expect("a tab is there"), Input::Poke)?;
            if self.rest(&mut world, &mut path, healed)? {
                self.check_agreement(&world)?;
                self.look(&mut world, &mut path, healed)?;
            }
        }
        healed.passed.extend(path.into_iter().map(|print| (print, ())));
        Ok(())
    }

    /// What a page left behind that crashed unnoticed is found when somebody looks at the leader.
    fn look(&mut self, world: &mut World, path: &mut Vec<Print>, healed: &mut Healed) -> Verdict {
        self.note(|| "---- a person looks at every page".to_owned());
        let awake: Vec<_> = world.places().filter(|tab| world.tab(*tab).is_awake()).collect();
        for tab in awake {
            self.tell(world, tab, Input::Look)?;
        }
        if self.rest(world, path, healed)? {
            self.check_agreement(world)?;
            self.check_healed(world)?;
        }
        Ok(())
    }

    /// Nobody is left: a person opens a page once more.
    fn open_another(&mut self, world: &mut World) -> Verdict {
        let unopened = world.places().find(|tab| world.tab(*tab).page == Page::Unopened);
        let tab = unopened.unwrap_or(world.tabs.len() as u8);
        if unopened.is_none() {
            let mind = self.minds.unborn(tab);
            world.tabs.push(Tab::new(mind, 0));
        }
        self.take(world, Step::Open { tab })
    }

    /// Lets everything happen that happens by itself. False if an earlier healing is known to have gone on from here.
    pub fn rest(
        &mut self,
        world: &mut World,
        path: &mut Vec<Print>,
        healed: &mut Healed,
    ) -> Result<bool, Violation> {
        for _ in 0..STEPS_MAX {
            let print = world.print_as(&self.minds, &self.renamings, 0);
            if healed.passed.contains_key(&print) && self.story.is_none() {
                return Ok(false);
            }
            path.push(print);
            let Some(step) = self.deliveries(world).first().copied() else {
                return Ok(true);
            };
            healed.steps += 1;
            self.take(world, step)?;
        }
        ensure(false, "the world comes to rest", || format!("not within {STEPS_MAX} steps")).map(|()| false)
    }
}
