//! What several nodes write down at once.

use super::Nodes;
use auction_core::Timestamp;
use auction_core::admin::{AuditAction, AuditActor, AuditEntry, AuditId};
use auction_core::ports::{AUDIT_PAGE_MAX, AuditQuery, AuditStore};
use std::collections::{BTreeMap, BTreeSet};

const ALL: AuditQuery = AuditQuery { user: None, action: None, before: None, max: AUDIT_PAGE_MAX };

/// Whoever has seen an entry has seen all with lower numbers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_rise_in_the_order_in_which_two_nodes_append() {
    let nodes = Nodes::new().await;
    let watching = tokio::spawn({
        let node = nodes.first.clone();
        async move {
            let mut seen: BTreeSet<AuditId> = BTreeSet::new();
            while seen.len() < 400 {
                let entries = node.entries(&ALL).await.unwrap();
                let last = seen.last().copied();
                for (id, _) in entries {
                    assert!(seen.contains(&id) || Some(id) > last, "an entry came later than a higher one");
                    seen.insert(id);
                }
            }
        }
    });
    nodes
        .at_once(40, |node, batch| async move {
            let entry = |index| {
                let entry = AuditEntry::new(Timestamp::EPOCH, AuditActor::Nobody, AuditAction::ALL[0]);
                entry.asked_by(&format!("{batch}")).with_detail(&format!("{index}"))
            };
            node.append(&(0..10).map(entry).collect::<Vec<_>>()).await.unwrap();
        })
        .await;
    watching.await.unwrap();
    let mut entries = nodes.second.entries(&ALL).await.unwrap();
    entries.reverse();
    let mut batches: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, entry) in entries {
        batches.entry(entry.request().to_owned()).or_default().push(entry.detail().to_owned());
    }
    assert_eq!(batches.len(), 40);
    let in_order = (0..10).map(|index| index.to_string()).collect::<Vec<_>>();
    assert!(batches.values().all(|batch| *batch == in_order));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_may_forget_at_once() {
    let nodes = Nodes::new().await;
    let entry = AuditEntry::new(Timestamp::EPOCH, AuditActor::Nobody, AuditAction::ALL[0]);
    nodes.first.append(&vec![entry; 200]).await.unwrap();
    nodes.at_once(8, |node, _| async move { node.forget_before(Timestamp::MAX).await.unwrap() }).await;
    assert_eq!(nodes.first.entries(&ALL).await.unwrap(), []);
}
