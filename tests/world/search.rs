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
    /// Worlds that are no renamings of each other; as many as states, if the search was reduced.
    pub kinds: u64,
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
    /// Whether worlds that are renamings of each other are taken for one.
    is_reduced: bool,
    seen: Lookup<Print, ()>,
    kinds: Lookup<Print, ()>,
    reached: Vec<Reached>,
    found: Found,
}

/// Explores a plot; stops at the first broken law.
pub fn explore(plot: &Plot) -> Found {
    search(plot, true)
}

/// Explores a plot as if its tabs were all different, and counts the kinds of worlds that would have done.
pub fn explore_unreduced(plot: &Plot) -> Found {
    search(plot, false)
}

fn search(plot: &Plot, is_reduced: bool) -> Found {
    let mut search = Search {
        plot,
        stage: plot.stage(),
        is_reduced,
        seen: Lookup::default(),
        kinds: Lookup::default(),
        reached: Vec::new(),
        found: Found::default(),
    };
    if let Err((violation, path)) = search.run() {
        let story = tell(plot, &path);
        search.found.failure = Some(Failure { violation, story });
    }
    search.found.states = search.seen.len() as u64;
    search.found.kinds = search.kinds.len().max(if is_reduced { search.seen.len() } else { 0 }) as u64;
    search.found.minds = search.stage.minds.engines.len();
    search.found
}

impl Search<'_> {
    fn run(&mut self) -> Result<(), (Violation, Vec<Step>)> {
        let world = self.plot.open(&mut self.stage).map_err(|violation| (violation, Vec::new()))?;
        let mut level = vec![(world.clone(), ROOT)];
        self.is_new(&world);
        self.stage.heal(world, &mut self.found.healed).map_err(|violation| (violation, Vec::new()))?;
        let mut last_new = 1;
        while self.found.depth < self.plot.depth && last_new > 0 {
            let is_last = self.found.depth + 1 == self.plot.depth;
            let mut next = Vec::new();
            last_new = 0;
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
                    last_new += 1;
                    // Nobody goes on from the last level, which is the largest.
                    if !is_last {
                        self.reached.push(Reached { from, by: step });
                        next.push((after, number));
                    }
                }
            }
            level = next;
            self.found.depth += 1;
        }
        self.found.is_closed = last_new == 0;
        Ok(())
    }

    fn is_new(&mut self, world: &World) -> bool {
        let Stage { minds, renamings, .. } = &self.stage;
        let kind = world.print(minds, renamings);
        if self.is_reduced {
            return self.seen.insert(kind, ()).is_none();
        }
        self.kinds.insert(kind, ());
        self.seen.insert(world.print_as(minds, renamings, 0), ()).is_none()
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
