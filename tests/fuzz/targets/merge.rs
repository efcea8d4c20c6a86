//! Three-way merges of any documents by any policy: each comes to an end, looks at no more than it may, and keeps the
//! laws that hold of all of them.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::merging::given::Given;
use super::merging::laws;

/// Three versions of a document and how they are to be merged.
#[derive(Debug)]
pub struct Script(Given);

impl<'a> Arbitrary<'a> for Script {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        bytes.arbitrary().map(Self)
    }
}

impl Script {
    pub fn run(self) {
        laws::hold(&self.0);
    }
}
