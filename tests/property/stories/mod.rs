//! What people live through in one tab or two, one behaviour a story. The target `stories` tells the common ones;
//! these are about limits, about sleep, and about things that come too late.

mod harness;

mod acknowledgements;
mod delegation;
mod limits;
mod restart;
mod sleep;
mod storage;
mod wishes;
