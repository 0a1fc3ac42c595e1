//! How steps are decided: pure.

use super::model::State;
use crate::kernel::PersonId;

/// One who has to agree; `None`: any approver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) position: i32,
    pub(super) approver: Option<PersonId>,
    pub(super) state: State,
    pub(super) decided_by: Option<PersonId>,
}

/// A request with its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) asked_by: PersonId,
    pub(super) state: State,
    pub(super) steps: Vec<Step>,
}

/// Who speaks, with what he may do today.
#[derive(Debug, Clone)]
pub(super) struct Voice {
    pub(super) person: PersonId,
    /// The firm's approvers.
    pub(super) approvers: Vec<PersonId>,
    /// Approvers in whose place he stands.
    pub(super) stands_for: Vec<PersonId>,
}

/// Why somebody cannot decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It has been decided, or is void.
    Done,
    NotYours,
}

impl Case {
    /// Whether this voice decides on a step, and in whose place. Where the named approver is none any more, any
    /// approver does.
    fn decides(&self, step: &Step, voice: &Voice) -> Option<Option<PersonId>> {
        if step.state != State::Waiting || voice.person == self.asked_by {
            return None;
        }
        let in_place_of = |person: PersonId| {
            let holds = person != self.asked_by && voice.approvers.contains(&person);
            holds && voice.stands_for.contains(&person)
        };
        match step.approver.filter(|person| voice.approvers.contains(person)) {
            Some(named) if named == voice.person => Some(None),
            Some(named) => in_place_of(named).then_some(Some(named)),
            None if voice.approvers.contains(&voice.person) => Some(None),
            None => voice.approvers.iter().copied().find(|p| in_place_of(*p)).map(Some),
        }
    }

    /// Whether this voice can decide anything now.
    pub(super) fn waits_for(&self, voice: &Voice) -> bool {
        self.state == State::Waiting
            && self.steps.iter().any(|step| self.decides(step, voice).is_some())
    }

    /// Decides every step that is this voice's. Answers in whose place he spoke, if he did.
    pub(super) fn decide(&mut self, voice: &Voice, yes: bool) -> Result<Option<PersonId>, Refusal> {
        if self.state != State::Waiting {
            return Err(Refusal::Done);
        }
        let own: Vec<(usize, Option<PersonId>)> = self
            .steps
            .iter()
            .enumerate()
            .filter_map(|(at, step)| Some((at, self.decides(step, voice)?)))
            .collect();
        if own.is_empty() {
            return Err(Refusal::NotYours);
        }
        for (at, _) in &own {
            self.steps[*at].state = if yes { State::Approved } else { State::Refused };
            self.steps[*at].decided_by = Some(voice.person);
        }
        if !yes {
            self.state = State::Refused;
        } else if self.steps.iter().all(|step| step.state == State::Approved) {
            self.state = State::Approved;
        }
        Ok(own.iter().find_map(|(_, place)| *place))
    }
}
