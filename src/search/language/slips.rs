//! Slips of the finger: how likely it is that somebody who meant one word typed another.

/// Rows of a keyboard.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

fn place(key: char) -> Option<(usize, usize)> {
    ROWS.iter().enumerate().find_map(|(row, keys)| Some((row, keys.find(key)?)))
}

fn are_neighbours(a: char, b: char) -> bool {
    match (place(a), place(b)) {
        (Some((r1, c1)), Some((r2, c2))) => {
            // Each row is shifted by about half a key against the one above.
            r1.abs_diff(r2) <= 1 && c1.abs_diff(c2) <= 1 && (r1, c1) != (r2, c2)
        }
        _ => false,
    }
}

/// The logarithm of how likely `typed` is where `meant` was meant; both folded, at most two slips apart.
pub(in crate::search) fn likelihood(typed: &str, meant: &str) -> f32 {
    let (t, m): (Vec<char>, Vec<char>) = (typed.chars().collect(), meant.chars().collect());
    let head = t.iter().zip(&m).take_while(|(a, b)| a == b).count();
    let tail =
        t[head..].iter().rev().zip(m[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (wrong, right) = (&t[head..t.len() - tail], &m[head..m.len() - tail]);
    let cost = match (wrong, right) {
        ([], []) => 0.0,
        // A key pressed twice, or one of two letters left out.
        ([extra], []) if head > 0 && t[head - 1] == *extra => -2.0,
        ([extra], []) if t.get(head + 1) == Some(extra) => -2.0,
        ([extra], []) => {
            let beside = [head.checked_sub(1).map(|i| t[i]), t.get(head + 1).copied()];
            if beside.into_iter().flatten().any(|key| are_neighbours(key, *extra)) {
                -4.5
            } else {
                -6.0
            }
        }
        ([], [_]) => -2.5,
        ([a, b], [c, d]) if a == d && b == c => -2.0,
        ([a], [b]) if are_neighbours(*a, *b) => -2.5,
        ([_], [_]) => -5.0,
        _ => -7.0,
    };
    // The first letter is seldom wrong.
    if head == 0 && !wrong.is_empty() { cost - 0.5 } else { cost }
}

#[cfg(test)]
mod tests {
    use super::likelihood;

    #[test]
    fn a_finger_slips_to_the_next_key() {
        assert!(likelihood("may", "may") > likelihood("nay", "may"));
        assert!(likelihood("nay", "may") > likelihood("tay", "may"));
        assert!(likelihood("gaao", "gao") > likelihood("gxao", "gao"));
        assert!(likelihood("abnh", "banh") > likelihood("ebnh", "banh"));
        assert!(likelihood("boc", "boc") > likelihood("bo", "boc"));
    }
}
