//! The three forms of a task: that of 0.1, that of 0.2 and later, and the storage form inside an admission.
//!
//! Checks and texts are those of actionqueue-core's `TaskSpec`, `TaskConstraints` and `RunPolicy`.

use serde::Deserialize;

use super::scalar::{SkippedBytes, Str, text, texts};
use crate::engine::actionqueue::cron;
use crate::engine::actionqueue::event::Body;
use crate::model::id::{TaskId, TenantId};
use crate::model::task::{RunPolicy, Task};

#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub(super) struct CreatedTask<T> {
    task_spec: T,
    timestamp: u64,
}

impl<T> CreatedTask<T> {
    pub(super) fn body<'a>(
        self,
        task: impl FnOnce(T) -> Result<Task<'a>, String>,
    ) -> Result<Body<'a>, String> {
        Ok(Body::TaskCreated { task: Box::new(task(self.task_spec)?), at: self.timestamp })
    }
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "the payload is checked, not kept")]
struct Payload {
    bytes: SkippedBytes,
    content_type: Option<String>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    tags: Vec<Str<'a>>,
    priority: i32,
    #[serde(borrow)]
    description: Option<Str<'a>>,
}

#[derive(Deserialize)]
enum Policy {
    Once,
    Repeat {
        count: u32,
        interval_secs: u64,
    },
    Cron {
        expression: String,
        #[serde(default)]
        max_occurrences: Option<u32>,
    },
}

impl Policy {
    fn checked(self) -> Result<RunPolicy, String> {
        match self {
            Self::Once => Ok(RunPolicy::Once),
            Self::Repeat { count: 0, .. } => Err("invalid repeat count: 0 (must be >= 1)".to_owned()),
            Self::Repeat { interval_secs: 0, .. } => {
                Err("invalid repeat interval_secs: 0 (must be >= 1)".to_owned())
            }
            Self::Repeat { count, interval_secs } => Ok(RunPolicy::Repeat { count, interval_secs }),
            Self::Cron { expression, max_occurrences } => {
                cron::check(&expression).map_err(|error| format!("invalid cron policy: {error}"))?;
                if max_occurrences == Some(0) {
                    return Err("invalid cron policy: max_occurrences must be at least 1".to_owned());
                }
                Ok(RunPolicy::Cron { expression: expression.into(), max_occurrences })
            }
        }
    }
}

#[derive(Default, Deserialize)]
enum HoldPolicy {
    #[default]
    HoldDuringRetry,
    ReleaseOnRetry,
}

#[derive(Default, Deserialize)]
enum WaitPolicy {
    #[default]
    ReleaseWhileAwaiting,
    HoldWhileAwaiting,
}

#[derive(Default, Deserialize)]
enum SafetyLevel {
    #[default]
    Pure,
    Idempotent,
    Transactional,
}

#[derive(Default, Deserialize)]
enum ChildPolicy {
    #[default]
    Required,
    Detached,
}

#[derive(Deserialize)]
pub(super) struct Task01<'a> {
    id: TaskId,
    #[serde(rename = "payload")]
    _payload: Payload,
    run_policy: Policy,
    #[serde(borrow)]
    constraints: Constraints01<'a>,
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default)]
    parent_task_id: Option<TaskId>,
    #[serde(default)]
    tenant_id: Option<TenantId>,
}

#[derive(Deserialize)]
struct Constraints01<'a> {
    max_attempts: u32,
    timeout_secs: Option<u64>,
    #[serde(borrow)]
    concurrency_key: Option<Str<'a>>,
    #[serde(default)]
    concurrency_key_hold_policy: HoldPolicy,
    #[serde(default, rename = "safety_level")]
    _safety_level: SafetyLevel,
    #[serde(default)]
    required_capabilities: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Task02<'a> {
    id: TaskId,
    #[serde(rename = "payload")]
    _payload: Payload,
    run_policy: Policy,
    #[serde(borrow)]
    constraints: Constraints02<'a>,
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default)]
    parent_task_id: Option<TaskId>,
    #[serde(default)]
    child_lifecycle_policy: ChildPolicy,
    #[serde(default)]
    tenant_id: Option<TenantId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Constraints02<'a> {
    max_attempts: u32,
    timeout_secs: Option<u64>,
    #[serde(borrow)]
    concurrency_key: Option<Str<'a>>,
    #[serde(default)]
    concurrency_key_hold_policy: HoldPolicy,
    #[serde(default)]
    concurrency_key_wait_policy: WaitPolicy,
    #[serde(default, rename = "safety_level")]
    _safety_level: SafetyLevel,
    #[serde(default, rename = "required_executor_traits")]
    _required_executor_traits: Option<Vec<String>>,
}

/// The storage form: `TaskSpecV3` around `TaskSpecV2` around `TaskSpecV1`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredTask<'a> {
    #[serde(borrow)]
    base: WithWaitPolicy<'a>,
    child_policy: u8,
}

#[derive(Deserialize)]
struct WithWaitPolicy<'a> {
    #[serde(borrow)]
    base: Stored<'a>,
    wait_policy: u8,
}

#[derive(Deserialize)]
struct Stored<'a> {
    id: TaskId,
    #[serde(rename = "payload")]
    _payload: Payload,
    policy: StoredPolicy,
    #[serde(borrow)]
    constraints: Constraints02<'a>,
    #[serde(borrow)]
    metadata: Metadata<'a>,
    parent_task_id: Option<TaskId>,
    tenant_id: Option<TenantId>,
}

#[derive(Deserialize)]
struct StoredPolicy {
    kind: u8,
    count: u32,
    interval_secs: u64,
    expression: Option<String>,
    max_occurrences: Option<u32>,
}

impl StoredPolicy {
    fn checked(self) -> Result<RunPolicy, String> {
        let policy = match self {
            Self { kind: 0, count: 0, interval_secs: 0, expression: None, max_occurrences: None } => {
                Policy::Once
            }
            Self { kind: 1, count, interval_secs, expression: None, max_occurrences: None } => {
                Policy::Repeat { count, interval_secs }
            }
            Self { kind: 2, count: 0, interval_secs: 0, expression: Some(expression), max_occurrences } => {
                Policy::Cron { expression, max_occurrences }
            }
            _ => return Err("unsupported or invalid scheduling policy v1".to_owned()),
        };
        policy.checked()
    }
}

impl<'a> Task01<'a> {
    pub(super) fn checked(self) -> Result<Task<'a>, String> {
        let limits = &self.constraints;
        check_limits(limits.max_attempts, limits.timeout_secs, limits.concurrency_key.as_ref())?;
        if let Some(capabilities) = &limits.required_capabilities {
            if capabilities.is_empty() {
                return Err("required capabilities list must not be empty".to_owned());
            }
            if capabilities.iter().any(String::is_empty) {
                return Err("required_capabilities contains an empty string".to_owned());
            }
        }
        let policy = self.run_policy.checked()?;
        check_id(self.id)?;
        Ok(Task {
            id: self.id,
            description: text(self.metadata.description),
            tags: texts(self.metadata.tags),
            priority: self.metadata.priority,
            policy,
            max_attempts: self.constraints.max_attempts,
            timeout_secs: self.constraints.timeout_secs,
            concurrency_key: text(self.constraints.concurrency_key),
            releases_key_on_retry: matches!(
                self.constraints.concurrency_key_hold_policy,
                HoldPolicy::ReleaseOnRetry
            ),
            releases_key_while_awaiting: true,
            parent: self.parent_task_id,
            detached: false,
            tenant: self.tenant_id,
        })
    }
}

impl<'a> Task02<'a> {
    pub(super) fn checked(self) -> Result<Task<'a>, String> {
        let detached = matches!(self.child_lifecycle_policy, ChildPolicy::Detached);
        if detached && self.parent_task_id.is_none() {
            return Err("detached child policy requires a parent".to_owned());
        }
        newer(
            self.id,
            self.run_policy.checked()?,
            self.constraints,
            self.metadata,
            Family { parent: self.parent_task_id, detached, tenant: self.tenant_id },
        )
    }
}

impl<'a> StoredTask<'a> {
    pub(super) fn checked(self) -> Result<Task<'a>, String> {
        let WithWaitPolicy { base: stored, wait_policy } = self.base;
        let mut constraints = stored.constraints;
        constraints.concurrency_key_wait_policy = match wait_policy {
            0 => WaitPolicy::ReleaseWhileAwaiting,
            1 => WaitPolicy::HoldWhileAwaiting,
            _ => return Err("invalid wait-key policy".to_owned()),
        };
        let detached = match (self.child_policy, stored.parent_task_id) {
            (0, _) => false,
            (1, Some(_)) => true,
            (1, None) => return Err("detached policy requires parent".to_owned()),
            _ => return Err("invalid child lifecycle policy".to_owned()),
        };
        if stored.parent_task_id.is_some_and(|parent| parent.is_nil()) {
            return Err("nil parent".to_owned());
        }
        if stored.tenant_id.is_some_and(|tenant| tenant.is_nil()) {
            return Err("nil tenant".to_owned());
        }
        newer(
            stored.id,
            stored.policy.checked()?,
            constraints,
            stored.metadata,
            Family { parent: stored.parent_task_id, detached, tenant: stored.tenant_id },
        )
    }
}

#[derive(Clone, Copy)]
struct Family {
    parent: Option<TaskId>,
    detached: bool,
    tenant: Option<TenantId>,
}

fn newer<'a>(
    id: TaskId,
    policy: RunPolicy,
    constraints: Constraints02<'a>,
    metadata: Metadata<'a>,
    family: Family,
) -> Result<Task<'a>, String> {
    check_limits(constraints.max_attempts, constraints.timeout_secs, constraints.concurrency_key.as_ref())?;
    check_id(id)?;
    Ok(Task {
        id,
        description: text(metadata.description),
        tags: texts(metadata.tags),
        priority: metadata.priority,
        policy,
        max_attempts: constraints.max_attempts,
        timeout_secs: constraints.timeout_secs,
        concurrency_key: text(constraints.concurrency_key),
        releases_key_on_retry: matches!(constraints.concurrency_key_hold_policy, HoldPolicy::ReleaseOnRetry),
        releases_key_while_awaiting: matches!(
            constraints.concurrency_key_wait_policy,
            WaitPolicy::ReleaseWhileAwaiting
        ),
        parent: family.parent,
        detached: family.detached,
        tenant: family.tenant,
    })
}

fn check_limits(
    max_attempts: u32,
    timeout_secs: Option<u64>,
    concurrency_key: Option<&Str<'_>>,
) -> Result<(), String> {
    if max_attempts == 0 {
        return Err("invalid max_attempts value: 0 (must be >= 1)".to_owned());
    }
    if timeout_secs == Some(0) {
        return Err("timeout_secs must not be zero".to_owned());
    }
    if concurrency_key.is_some_and(|key| key.0.is_empty()) {
        return Err("concurrency key must not be an empty string".to_owned());
    }
    Ok(())
}

fn check_id(id: TaskId) -> Result<(), String> {
    if id.is_nil() {
        return Err(format!("invalid task identifier for task admission: {id}"));
    }
    Ok(())
}
