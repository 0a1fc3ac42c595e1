//! Signatures made by others (`tests/fixtures/signatures/make.sh`: OpenSSL and pyHanko) hold; whatever is wrong with
//! one is found and named.

use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;

fn file(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/signatures");
    std::fs::read(format!("{folder}/{name}")).unwrap()
}

fn contract() -> Vec<u8> {
    file("contract.pdf")
}

fn trust(names: &[&str]) -> Trust {
    let mut trust = Trust::default();
    for name in names {
        let (certificates, lists) = read_store(&file(name)).unwrap();
        trust.anchors.extend(certificates.iter().map(|der| Anchor::read(der, true).unwrap()));
        trust.lists.extend(lists.iter().map(|der| RevokedList::read(der).unwrap()));
    }
    trust
}

/// Shortly after the fixtures were signed.
fn now() -> DateTime<Utc> {
    let far = DateTime::<Utc>::MAX_UTC - TimeDelta::days(1);
    let (plain, _) = ber::normal(&file("rsa.p7s")).unwrap();
    let at = cms::check(
        &plain,
        &[&contract()],
        &trust(&["root.pem"]),
        cms::When { now: far, said: None },
    );
    let Err(Refused::NotValid(_, from, _)) = at else { panic!("{at:?}") };
    from + TimeDelta::hours(1)
}

fn checked(name: &str) -> Result<Verified, Refused> {
    verify(&file(name), &contract(), &trust(&["root.pem"]), now())
}

#[test]
fn what_openssl_signs_holds() {
    let expected = [
        ("rsa.p7s", "RSA, SHA-256", "0101234567"),
        ("rsa.pem.p7s", "RSA, SHA-256", "0101234567"),
        ("rsa512.p7s", "RSA, SHA-512", "0101234567"),
        ("pss.p7s", "RSA-PSS, SHA-384", "0101234567"),
        ("ec256.p7s", "ECDSA P-256, SHA-256", "3200123456"),
        ("ec384.p7s", "ECDSA P-384, SHA-384", "3200123456"),
        ("around.p7m", "RSA, SHA-256", "0101234567"),
        ("stream.p7m", "RSA, SHA-256", "0101234567"),
    ];
    for (name, algorithm, code) in expected {
        let verified = checked(name).unwrap_or_else(|reason| panic!("{name}: {reason}"));
        let [signed] = verified.signatures.as_slice() else { panic!("{name}") };
        assert_eq!((signed.algorithm.as_str(), signed.is_of(code)), (algorithm, true), "{name}");
        assert!(signed.test && signed.anchor == "Root CA thử nghiệm", "{name}");
        assert_eq!(signed.issuer, "Sub CA thử nghiệm");
        assert_eq!(signed.revocation, Revocation::NotAsked);
        assert!(signed.signed_at.is_some_and(|at| at < now() && at > now() - TimeDelta::hours(2)));
    }
    let two = checked("two.p7s").unwrap().signatures;
    assert!(two.iter().any(|s| s.is_of("0101234567")) && two.iter().any(|s| s.is_of("3200123456")));
    assert!(!two.iter().any(|s| s.is_of("") || s.is_of("0101234567-001")));
}

#[test]
fn an_issuer_that_is_trusted_itself_needs_not_be_in_the_file() {
    assert_eq!(checked("bare.p7s"), Err(Refused::Unknown("Sub CA thử nghiệm".into())));
    let both = trust(&["store.pem"]);
    let signed = &verify(&file("bare.p7s"), &contract(), &both, now()).unwrap().signatures[0];
    assert_eq!(signed.anchor, "Sub CA thử nghiệm");
}

#[test]
fn what_is_wrong_with_a_detached_signature_is_said() {
    let expected = [
        ("sha1.p7s", Refused::Weak("SHA-1")),
        ("nocerts.p7s", Refused::NoCertificate),
        ("noattr.p7s", Refused::Unsupported("no signed attributes".into())),
        ("server.p7s", Refused::Usage("máy chủ".into())),
        ("stranger.p7s", Refused::Unknown("Root CA lạ".into())),
        ("root.pem", Refused::NotSignature),
        ("make.sh", Refused::NotSignature),
        ("contract.pdf", Refused::NoSignature),
    ];
    for (name, reason) in expected {
        assert_eq!(checked(name), Err(reason), "{name}");
    }
    let mut other = contract();
    *other.last_mut().unwrap() ^= 1;
    for name in ["rsa.p7s", "around.p7m", "two.p7s"] {
        let refused = verify(&file(name), &other, &trust(&["root.pem"]), now());
        assert_eq!(refused, Err(Refused::OtherBytes), "{name}");
    }
    let zeros = vec![0; 10 << 20];
    assert_eq!(verify(&zeros, &contract(), &Trust::default(), now()), Err(Refused::NotSignature));
    assert_eq!(
        verify(&file("rsa.p7s"), &contract(), &Trust::default(), now()),
        Err(Refused::Unknown("Sub CA thử nghiệm".into()))
    );
}

#[test]
fn the_time_counts() {
    let at = |now| verify(&file("rsa.p7s"), &contract(), &trust(&["root.pem"]), now);
    assert!(
        matches!(at(now() + TimeDelta::days(8_000)), Err(Refused::NotValid(name, ..)) if name == "CÔNG TY BÊN MUA")
    );
    assert!(matches!(at(now() - TimeDelta::days(2)), Err(Refused::Future(_))));
}

#[test]
fn a_list_of_revoked_certificates_is_asked_when_it_is_there() {
    let listed = trust(&["root.pem", "sub.crl.pem"]);
    let asked = |name| verify(&file(name), &contract(), &listed, now());
    assert!(checked("revoked.p7s").is_ok());
    for name in ["revoked.p7s", "revoked.pdf"] {
        assert!(
            matches!(asked(name), Err(Refused::Revoked(who, _)) if who == "CÔNG TY ĐÃ THU HỒI")
        );
    }
    let signed = asked("rsa.p7s").unwrap().signatures.remove(0);
    assert!(matches!(signed.revocation, Revocation::NotListed(at) if at < now()));
}

#[test]
fn what_pyhanko_signs_holds() {
    let one = checked("buyer.pdf").unwrap();
    assert_eq!((one.signatures.len(), one.added_after), (1, false));
    assert!(one.signatures[0].is_of("0101234567") && one.signatures[0].signed_at.is_some());
    let both = checked("both.pdf").unwrap();
    assert_eq!((both.signatures.len(), both.added_after), (2, false));
    assert!(both.signatures[1].is_of("3200123456"));
    assert_eq!(both.signatures[0].mark, one.signatures[0].mark);
    let added = checked("added.pdf").unwrap();
    assert_eq!((added.signatures.len(), added.added_after), (1, true));
}

#[test]
fn what_is_wrong_with_a_signed_pdf_is_said() {
    for name in ["other-text.pdf", "note.pdf", "added-text.pdf"] {
        assert!(
            matches!(checked(name), Err(Refused::OtherPages(_))),
            "{name}: {:?}",
            checked(name)
        );
    }
    let check = |bytes: &[u8]| verify(bytes, &contract(), &trust(&["root.pem"]), now());
    let (mut begun, good) = (file("buyer.pdf"), file("buyer.pdf"));
    begun[100] ^= 1;
    assert_eq!(check(&begun), Err(Refused::OtherPdf));
    let mut inside = good.clone();
    let at = contract().len() + 40;
    inside[at] ^= 1;
    assert_eq!(check(&inside), Err(Refused::OtherBytes));
    assert_eq!(check(&good[..good.len() - 9]), Err(Refused::Range));
}

/// The range in another way, with as many bytes as before.
fn ranged(change: impl Fn([usize; 4]) -> [usize; 4]) -> Result<Verified, Refused> {
    let mut bytes = file("buyer.pdf");
    let at = bytes.windows(10).rposition(|window| window == b"/ByteRange").unwrap();
    let open = at + bytes[at..].iter().position(|b| *b == b'[').unwrap();
    let close = open + bytes[open..].iter().position(|b| *b == b']').unwrap();
    let text = String::from_utf8(bytes[open + 1..close].to_vec()).unwrap();
    let all: Vec<usize> = text.split_whitespace().map(|n| n.parse().unwrap()).collect();
    let [a, b, c, d] = change(all.try_into().unwrap());
    let written = format!("{:<width$}", format!("{a} {b} {c} {d}"), width = close - open - 1);
    bytes.splice(open + 1..close, written.into_bytes());
    verify(&bytes, &contract(), &trust(&["root.pem"]), now())
}

#[test]
fn a_range_with_holes_is_refused() {
    let hole = Err(Refused::Range);
    assert_eq!(ranged(|[_, b, c, d]| [1, b - 1, c, d]), hole);
    assert_eq!(ranged(|[a, b, c, d]| [a, b - 1, c, d]), hole);
    assert_eq!(ranged(|[a, b, c, d]| [a, b, c + 1, d - 1]), hole);
    assert_eq!(ranged(|[a, b, c, d]| [a, b, c, d - 20]), hole);
    assert_eq!(ranged(|[a, b, c, d]| [a, b, c, d + 1]), hole);
    assert_eq!(ranged(|[a, b, c, _]| [a, b, c, usize::MAX]), hole);
    assert!(ranged(|same| same).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// No byte of a detached signature can be changed or cut off so that it says something else.
    #[test]
    fn a_changed_signature_never_says_something_else(at in 0.0..1.0f64, bit in 0..8u8, cut in any::<bool>()) {
        let good = file("rsa.p7s");
        let before = checked("rsa.p7s").unwrap();
        let place = ((good.len() - 1) as f64 * at) as usize;
        let mut bytes = good.clone();
        if cut { bytes.truncate(place) } else { bytes[place] ^= 1 << bit }
        let after = verify(&bytes, &contract(), &trust(&["root.pem"]), now());
        // Unsigned parts (a version number, other certificates) may change; what is told of the signer may not.
        if let Ok(after) = after {
            prop_assert!(!cut);
            prop_assert_eq!(&after.signatures[0].codes, &before.signatures[0].codes);
            prop_assert_eq!(after.signatures[0].signed_at, before.signatures[0].signed_at);
            prop_assert_eq!(&after.signatures[0].mark, &before.signatures[0].mark);
        }
    }

    /// Nor of a signed PDF, outside of its hex.
    #[test]
    fn a_changed_pdf_never_holds(at in 0.0..1.0f64, bit in 0..8u8) {
        let mut bytes = file("buyer.pdf");
        let place = ((bytes.len() - 1) as f64 * at) as usize;
        let hex = bytes[place].is_ascii_hexdigit() && place > contract().len();
        bytes[place] ^= 1 << bit;
        let after = verify(&bytes, &contract(), &trust(&["root.pem"]), now());
        prop_assert!(after.is_err() || hex);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(verify(&bytes, &contract(), &trust(&["root.pem"]), now()).is_err());
        let pdf = [contract(), bytes].concat();
        prop_assert!(verify(&pdf, &contract(), &trust(&["root.pem"]), now()).is_err());
    }
}
