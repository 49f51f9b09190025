use super::*;
#[test]
fn dump() {
    for claim in claims::REGISTRY {
        eprintln!("{}\n    {}\n", claim.statement, markdown(claim.statement));
    }
}
