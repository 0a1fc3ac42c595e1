//! Every SQL statement of `catalogue`, by what it is about. Functions take a connection, not a pool: the
//! caller decides what is one transaction. "Not there" is `None`; the command judges it.

pub(super) mod bulk;
pub(super) mod for_firms;
pub(super) mod list;
pub(super) mod own;
pub(super) mod papers;
pub(super) mod pictures;
pub(super) mod products;
pub(super) mod reference;
pub(super) mod shown;
pub(super) mod spans;
pub(super) mod variants;
