//! All worlds that can be reached, level by level: so the first path to a broken law is a shortest one.

use super::healing::Healed;
use super::laws::Violation;
use super::mix::{Lookup, Print};
use super::scenes::Plot;
use super::stage::Stage;
use super::steps::Step;
use super::world::World;

/// How a world was reached first.
#[derive(Clone, Copy, Debug)]
struct Reached {
    from: u32,
    by: Step,
}

/// What an exploration found.
#[derive(Debug, Default)]
pub struct Found {
    pub states: u64,
    pub transitions: u64,
    pub depth: u32,
    /// Whether nothing new could have been found beyond.
    pub is_closed: bool,
    pub minds: usize,
    pub healed: Healed,
    pub failure: Option<Failure>,
}

/// A broken law, and the shortest way to it.
#[derive(Debug)]
pub struct Failure {
    pub violation: Violation,
    pub story: Vec<String>,
}

const ROOT: u32 = u32::MAX;

#[derive(Debug)]
struct Search<'a> {
    plot: &'a Plot,
    stage: Stage,
    seen: Lookup<Print, ()>,
    reached: Vec<Reached>,
    found: Found,
}

/// Explores a plot; stops at the first broken law.
pub fn explore(plot: &Plot) -> Found {
    let mut search = Search {
        plot,
        stage: plot.stage(),
        seen: Lookup::default(),
        reached: Vec::new(),
        found: Found::default(),
    };
    if let Err((violation, path)) = search.run() {
        let story = tell(plot, &path);
        search.found.failure = Some(Failure { violation, story });
    }
    search.found.states = search.seen.len() as u64;
    search.found.minds = search.stage.minds.engines.len();
    search.found
}

impl Search<'_> {
    fn run(&mut self) -> Result<(), (Violation, Vec<Step>)> {
        let world = self.plot.open(&mut self.stage).map_err(|violation| (violation, Vec::new()))?;
        let mut level = vec![(world.clone(), ROOT)];
        self.is_new(&world);
        self.stage.heal(world, &mut self.found.healed).map_err(|violation| (violation, Vec::new()))?;
        while self.found.depth < self.plot.depth && !level.is_empty() {
            let mut next = Vec::new();
            for (world, from) in level {
                for step in self.stage.steps(&world, self.plot) {
                    self.found.transitions += 1;
                    let mut after = world.clone();
                    let mut broken = self.stage.take(&mut after, step);
                    if broken.is_ok() {
                        if !self.is_new(&after) {
                            continue;
                        }
                        broken = self.stage.heal(after.clone(), &mut self.found.healed);
                    }
                    if let Err(violation) = broken {
                        return Err((violation, self.path(from, step)));
                    }
                    let number = u32::try_from(self.reached.len()).expect("a small world");
                    self.reached.push(Reached { from, by: step });
                    next.push((after, number));
                }
            }
            level = next;
            self.found.depth += 1;
        }
        self.found.is_closed = level.is_empty();
        Ok(())
    }

    fn is_new(&mut self, world: &World) -> bool {
        let print = world.print(&self.stage.minds, &self.stage.renamings);
        self.seen.insert(print, ()).is_none()
    }

    fn path(&self, mut from: u32, last: Step) -> Vec<Step> {
        let mut path = vec![last];
        while let Some(Reached { from: before, by }) = self.reached.get(from as usize) {
            path.push(*by);
            from = *before;
        }
        path.reverse();
        path
    }
}

/// Goes the way again, and writes down what happens.
fn tell(plot: &Plot, path: &[Step]) -> Vec<String> {
    let mut stage = plot.stage();
    let Ok(mut world) = plot.open(&mut stage) else {
        return vec!["it is broken from the beginning".to_owned()];
    };
    stage.story = Some(Vec::new());
    for step in path {
        if stage.take(&mut world, *step).is_err() {
            return stage.story.unwrap_or_default();
        }
    }
    // The law is broken on the way to rest.
    let _ = stage.heal(world, &mut Healed::default());
    stage.story.unwrap_or_default()
}
