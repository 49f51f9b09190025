//! The interpreter: a program over any field.

use numbers::Scalar;
use numbers::matrix::{self, Matrix};

use super::pseudoinverse::pseudoinverse;
use super::value::Value;
use super::values::{self, at_sample};
use super::{Id, Join, Op, Program, Which};
use crate::{EvaluationError, Given};
use notation::Spelling;
use notation::tree::{Expr, Name, Node};

/// A program that is being run at one setting.
struct Run<'a, 'b, T> {
    program: &'a Program,
    given: &'a Given<'a, T>,
    values: Vec<Value<T>>,
    /// The sample of each loop.
    samples: Vec<usize>,
    /// What becomes of a value before others are made of it, where that is not the value itself.
    formed: Option<Formed<'b, T>>,
}

/// From the value of an operation to that which takes its place.
pub(super) type Formed<'a, T> = &'a mut dyn FnMut(Id, Value<T>) -> Value<T>;

impl Program {
    /// The values of the results, by a schedule that was made for them.
    ///
    /// # Errors
    /// [`EvaluationError`] where one has none.
    pub(crate) fn run<T: Scalar>(
        &self,
        schedule: &[Id],
        results: &[Id],
        given: &Given<T>,
    ) -> Result<Vec<Value<T>>, EvaluationError> {
        self.run_with(schedule, results, given, None)
    }

    /// The same with other values in place of those that operations have.
    ///
    /// # Errors
    /// [`EvaluationError`] where one has none.
    pub(super) fn run_with<T: Scalar>(
        &self,
        schedule: &[Id],
        results: &[Id],
        given: &Given<T>,
        formed: Option<Formed<T>>,
    ) -> Result<Vec<Value<T>>, EvaluationError> {
        let values = vec![Value::Scalar(T::zero()); self.len()];
        let mut run = Run { program: self, given, values, samples: vec![0; super::LEVELS as usize], formed };
        run.all(schedule)?;
        Ok(Vec::from_iter(results.iter().map(|&id| run.values[id].clone())))
    }
}

impl<T: Scalar> Run<'_, '_, T> {
    fn all(&mut self, schedule: &[Id]) -> Result<(), EvaluationError> {
        for &id in schedule {
            let value = self.value(id)?;
            self.values[id] = match &mut self.formed {
                Some(formed) => formed(id, value),
                None => value,
            };
        }
        Ok(())
    }

    /// The value of an operation whose operands have theirs.
    fn value(&mut self, id: Id) -> Result<Value<T>, EvaluationError> {
        let program = self.program;
        let node = program.node(id);
        let (setting, shape) = (self.given.setting, node.shape);
        let at = |id: Id| &self.values[id];
        Ok(match &node.op {
            Op::Number(value) => Value::Scalar(values::number(value)),
            Op::Identity => Value::Matrix(matrix::identity(values::size(setting.dimension(), shape.rows)?)),
            Op::Zero => {
                let size = |exponent| values::size(setting.dimension(), exponent);
                Value::of(Matrix::zeros(size(shape.rows)?, size(shape.columns)?), shape)
            }
            Op::Symbol(meaning) => values::symbol(*meaning, shape, self.given)?,
            Op::LabelMoment => values::shaped(values::as_matrix(setting.label_moment()), shape)?,
            Op::MeanWeights => values::shaped(values::as_matrix(values::mean_weights(self.given)?), shape)?,
            Op::StationaryFisher => values::shaped(values::stationary_fisher(self.given)?, shape)?,
            Op::WeightsTimesBuffer => {
                let moments = values::buffer(self.given, "E[wmᵀ]")?;
                values::shaped(moments.with_weights.clone(), shape)?
            }
            Op::SquareOfBuffer => values::shaped(values::buffer(self.given, "E[mmᵀ]")?.square.clone(), shape)?,
            Op::MinibatchNoise => values::shaped(values::minibatch(self.given)?.noise_covariance.clone(), shape)?,
            Op::Undefined(symbol, reason) => {
                return Err(EvaluationError::Undefined { symbol: (*symbol).into(), reason });
            }
            Op::Sample(which) => at_sample(setting, self.sample(*which), |data, i| {
                values::shaped(values::as_matrix(data.features.row(i).transpose()), shape)
            })?,
            Op::Label(which) => {
                at_sample(setting, self.sample(*which), |data, i| Ok(Value::Scalar(data.labels[i].clone())))?
            }
            // The equation that holds it puts values here.
            Op::Unknown(_) => at(id).clone(),
            Op::PlainLoss(x) => Value::Scalar(values::plain_loss(setting, &at(*x).column())),
            Op::PlainGradient(x) => {
                values::shaped(values::as_matrix(values::plain_gradient(setting, &at(*x).column())), shape)?
            }
            Op::Fisher(x) => values::shaped(values::fisher(setting, &at(*x).column()), shape)?,
            Op::Noise(x) => values::shaped(values::noise(setting, &at(*x).column()), shape)?,
            Op::Sum(x, y) => at(*x).joined(at(*y), |x, y| x.clone() + y, |X, Y| X + Y),
            Op::Difference(x, y) => at(*x).joined(at(*y), |x, y| x.clone() - y, |X, Y| X - Y),
            Op::Negative(x) => at(*x).map(|value| -value.clone()),
            Op::Scale(x, y) => {
                let factor = at(*x).number();
                at(*y).map(|entry| entry.clone() * &factor)
            }
            Op::Product(x, y) => match (at(*x), at(*y)) {
                (Value::Scalar(x), Value::Scalar(y)) => Value::Scalar(x.clone() * y),
                (Value::Matrix(X), Value::Matrix(Y)) => Value::of(product(X, Y), shape),
                (Value::Scalar(x), Y) | (Y, Value::Scalar(x)) => Y.map(|entry| entry.clone() * x),
            },
            Op::Quotient(x, y) => {
                let divisor = at(*y).number();
                if divisor.is_zero() {
                    return Err(EvaluationError::Pole { denominator: self.written(id) });
                }
                at(*x).map(|entry| entry.clone() / &divisor)
            }
            Op::Transpose(x) => at(*x).transposed(),
            Op::Inverse(x) => self.inverse(id, at(*x))?,
            Op::Pseudoinverse(x) => self.pseudoinverse(id, at(*x))?,
            Op::Trace(x) => Value::Scalar(at(*x).number()),
            Op::TraceOfProduct(x, y) => match (at(*x), at(*y)) {
                (Value::Matrix(X), Value::Matrix(Y)) => Value::Scalar(trace_of_product(X, Y)),
                (x, y) => Value::Scalar(x.number() * y.number()),
            },
            Op::SquaredNorm(x) => {
                let squares = |M: &Matrix<T>| M.iter().fold(T::zero(), |sum, entry| sum + entry.clone() * entry);
                match at(*x) {
                    Value::Scalar(value) => Value::Scalar(value.clone() * value),
                    Value::Matrix(M) => Value::Scalar(squares(M)),
                }
            }
            Op::Kronecker(x, y) => at(*x).joined(at(*y), |x, y| x.clone() * y, |X, Y| X.kronecker(Y)),
            Op::Vec(x) => Value::of(values::as_matrix(at(*x).column()), shape),
            Op::PositivePart(x) => {
                let value = at(*x).number();
                match values::is_positive(&value) {
                    Some(true) => Value::Scalar(value),
                    Some(false) => Value::Scalar(T::zero()),
                    None => return Err(EvaluationError::Sign { part: self.written(id) }),
                }
            }
            Op::OverSamples(level, join, body) => self.over_samples(id, *level, *join, *body)?,
            Op::Solve { unknown, linear, constant } => self.solve(id, *unknown, *linear, *constant)?,
        })
    }

    fn sample(&self, which: Which) -> usize {
        match which {
            Which::Level(level) => self.samples[level as usize],
            Which::Number(number) => number as usize,
        }
    }

    /// What an operation divides by or inverts, as it was written.
    fn written(&self, id: Id) -> String {
        self.program.text(id).map_or_else(String::new, |text| text.written(Spelling::Unicode))
    }

    fn inverse(&self, id: Id, value: &Value<T>) -> Result<Value<T>, EvaluationError> {
        match value {
            Value::Scalar(value) if value.is_zero() => Err(EvaluationError::Pole { denominator: self.written(id) }),
            Value::Scalar(value) => Ok(Value::Scalar(T::one() / value)),
            Value::Matrix(M) => match matrix::inverse(M) {
                Ok(inverse) => Ok(Value::Matrix(inverse)),
                Err(source) => Err(EvaluationError::Inverse { matrix: self.written(id), source }),
            },
        }
    }

    /// M⁺: of any matrix where the field is exact, over other fields where it is M⁻¹.
    fn pseudoinverse(&self, id: Id, value: &Value<T>) -> Result<Value<T>, EvaluationError> {
        match value {
            Value::Scalar(value) if value.is_zero() => Ok(Value::Scalar(T::zero())),
            Value::Scalar(value) => Ok(Value::Scalar(T::one() / value)),
            Value::Matrix(M) => {
                let inverse = if M.is_square() { matrix::inverse(M).ok() } else { None };
                inverse.or_else(|| if T::IS_EXACT { pseudoinverse(M) } else { None }).map(Value::Matrix).ok_or_else(
                    || EvaluationError::Undefined {
                        symbol: Expr::of(Node::Pseudoinverse(Box::new(self.text(id)))).written(Spelling::Unicode),
                        reason: "a matrix without an inverse has a pseudoinverse over fractions only",
                    },
                )
            }
        }
    }

    /// The text of an operation, or a name for what has none.
    fn text(&self, id: Id) -> Expr {
        self.program.text(id).cloned().unwrap_or_else(|| Expr::of(Node::Name(Name("M".into()))))
    }

    fn over_samples(&mut self, id: Id, level: u32, join: Join, body: Id) -> Result<Value<T>, EvaluationError> {
        let count = self.given.setting.sample_count().ok_or_else(values::no_data_set)?;
        let program = self.program;
        let inside = program.inside.get(&id).map_or(&[] as &[Id], Vec::as_slice);
        let mut stacked = Vec::new();
        let mut total: Option<Value<T>> = None;
        for sample in 0..count {
            if join == Join::StackOthers && sample == self.samples[level.saturating_sub(1) as usize] {
                continue;
            }
            self.samples[level as usize] = sample;
            self.all(inside)?;
            let value = &self.values[body];
            match (join, &total) {
                (Join::Stack | Join::StackOthers, _) => stacked.extend(value.column().iter().cloned()),
                (Join::Sum, None) => total = Some(value.clone()),
                (Join::Sum, Some(sum)) => total = Some(sum.joined(value, |x, y| x.clone() + y, |X, Y| X + Y)),
            }
        }
        // A data set has one sample at least, so that a sum has a value.
        Ok(total.unwrap_or_else(|| Value::Matrix(Matrix::from_vec(stacked.len(), 1, stacked))))
    }

    /// X with linear(X) = constant: the columns of the map are its values at matrices with one entry.
    fn solve(&mut self, id: Id, unknown: u32, linear: Id, constant: Id) -> Result<Value<T>, EvaluationError> {
        let program = self.program;
        let inside = program.inside.get(&id).map_or(&[] as &[Id], Vec::as_slice);
        let shape = program.node(id).shape;
        let unknowns = Vec::from_iter(
            inside
                .iter()
                .copied()
                .filter(|&inner| matches!(program.node(inner).op, Op::Unknown(number) if number == unknown)),
        );
        let size = |exponent| values::size(self.given.setting.dimension(), exponent);
        let (rows, columns) = (size(shape.rows)?, size(shape.columns)?);
        let mut map = Vec::with_capacity(rows * columns);
        for entry in 0..rows * columns {
            let mut unit = Matrix::zeros(rows, columns);
            unit[entry] = T::one();
            let unit = Value::of(unit, shape);
            for &inner in &unknowns {
                self.values[inner] = unit.clone();
            }
            self.all(inside)?;
            map.push(self.values[linear].column());
        }
        let right = values::as_matrix(self.values[constant].column());
        let map = Matrix::from_columns(&map);
        let solved = matrix::solve(&map, &right)
            .map_err(|source| EvaluationError::Inverse { matrix: self.written(id), source })?;
        Ok(Value::of(Matrix::from_column_slice(rows, columns, solved.as_slice()), shape))
    }
}

/// One more term of a sum. To add to 0 costs a field of fractions a common denominator.
fn add_term<T: Scalar>(sum: &mut T, term: T) {
    if sum.is_zero() {
        *sum = term;
    } else {
        *sum += term;
    }
}

/// XY, each entry summed from the left; what is zero costs nothing.
fn product<T: Scalar>(X: &Matrix<T>, Y: &Matrix<T>) -> Matrix<T> {
    let mut product = Matrix::zeros(X.nrows(), Y.ncols());
    for j in 0..Y.ncols() {
        for k in 0..X.ncols() {
            let factor = &Y[(k, j)];
            if factor.is_zero() {
                continue;
            }
            for i in 0..X.nrows() {
                if !X[(i, k)].is_zero() {
                    add_term(&mut product[(i, j)], X[(i, k)].clone() * factor);
                }
            }
        }
    }
    product
}

/// Tr\[XY\], without the rest of XY.
fn trace_of_product<T: Scalar>(X: &Matrix<T>, Y: &Matrix<T>) -> T {
    let mut trace = T::zero();
    for i in 0..X.nrows() {
        let mut entry = T::zero();
        for k in 0..X.ncols() {
            add_term(&mut entry, X[(i, k)].clone() * &Y[(k, i)]);
        }
        add_term(&mut trace, entry);
    }
    trace
}
